//! Requirements as constants, which the compiler compares.

/// The form of a requirement, which the compiler can compare.
#[derive(Clone, Copy, Debug)]
pub enum Shape {
    /// One scope, by its position in the catalogue.
    Scope(u16),
    /// Either of two requirements, by their forms.
    Any(&'static Self, &'static Self),
    /// Both of two requirements, by their forms.
    All(&'static Self, &'static Self),
}

/// Whether each of the `alternatives` of `stricter`, taken alone, satisfies `demand`.
pub(super) const fn implies(stricter: &Shape, alternatives: usize, demand: &Shape) -> bool {
    let mut index = 0;
    while index < alternatives {
        if !is_satisfied(demand, stricter, index) {
            return false;
        }
        index += 1;
    }
    true
}

/// Whether the scopes of one alternative of `held` satisfy `demand`.
const fn is_satisfied(demand: &Shape, held: &Shape, index: usize) -> bool {
    match demand {
        Shape::Scope(id) => has(held, index, *id),
        Shape::Any(left, right) => is_satisfied(left, held, index) || is_satisfied(right, held, index),
        Shape::All(left, right) => is_satisfied(left, held, index) && is_satisfied(right, held, index),
    }
}

/// Whether the alternative `index` of a requirement, which is read as an OR of ANDs, names this
/// scope.
const fn has(shape: &Shape, index: usize, scope: u16) -> bool {
    match shape {
        Shape::Scope(id) => *id == scope,
        Shape::Any(left, right) => {
            let before = count(left);
            if index < before { has(left, index, scope) } else { has(right, index - before, scope) }
        }
        Shape::All(left, right) => {
            let inner = count(right);
            has(left, index / inner, scope) || has(right, index % inner, scope)
        }
    }
}

const fn count(shape: &Shape) -> usize {
    match shape {
        Shape::Scope(_) => 1,
        Shape::Any(left, right) => count(left) + count(right),
        Shape::All(left, right) => count(left) * count(right),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: Shape = Shape::Scope(0);
    const B: Shape = Shape::Scope(1);
    const C: Shape = Shape::Scope(2);
    const A_OR_B: Shape = Shape::Any(&A, &B);
    const A_AND_B: Shape = Shape::All(&A, &B);
    const C_AND_A_OR_B: Shape = Shape::All(&C, &A_OR_B);
    const C_OR_A_AND_B: Shape = Shape::Any(&C, &A_AND_B);

    #[test]
    fn implications() {
        for (name, stricter, demand, expected) in [
            ("a, a", A, A, true),
            ("a, b", A, B, false),
            ("a, a or b", A, A_OR_B, true),
            ("a or b, a", A_OR_B, A, false),
            ("a and b, a", A_AND_B, A, true),
            ("a, a and b", A, A_AND_B, false),
            ("a and b, a or b", A_AND_B, A_OR_B, true),
            ("c and (a or b), c", C_AND_A_OR_B, C, true),
            ("c and (a or b), a or b", C_AND_A_OR_B, A_OR_B, true),
            ("c and (a or b), a", C_AND_A_OR_B, A, false),
            ("c and (a or b), c or (a and b)", C_AND_A_OR_B, C_OR_A_AND_B, true),
            ("c or (a and b), c and (a or b)", C_OR_A_AND_B, C_AND_A_OR_B, false),
            ("c or (a and b), c or (a and b)", C_OR_A_AND_B, C_OR_A_AND_B, true),
        ] {
            assert_eq!(implies(&stricter, count(&stricter), &demand), expected, "{name}");
        }
    }
}
