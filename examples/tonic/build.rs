//! Describes the service of `users.proto` in code, so that the build does not need `protoc`.

use tonic_build::manual::{Builder, Method, Service};

fn main() {
    let list = Method::builder()
        .name("list")
        .route_name("List")
        .input_type("crate::Environment")
        .output_type("crate::Names")
        .codec_path("tonic_prost::ProstCodec");
    let create = Method::builder()
        .name("create")
        .route_name("Create")
        .input_type("crate::NewUser")
        .output_type("crate::Names")
        .codec_path("tonic_prost::ProstCodec");
    let users = Service::builder().package("examples").name("Users");
    let users = users.method(list.build()).method(create.build()).build();
    Builder::new().build_client(false).compile(&[users]);
}
