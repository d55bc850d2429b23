"""A client of rust-analyzer: the language server protocol over its standard input and output."""
import json
import os
import re
import subprocess
import threading
import time
from pathlib import Path

CAPABILITIES = {
    'experimental': {'serverStatusNotification': True},
    'workspace': {'workspaceEdit': {'documentChanges': True}},
    'textDocument': {
        'hover': {'contentFormat': ['markdown']},
        'completion': {'completionItem': {'snippetSupport': False, 'documentationFormat': ['markdown']}},
        'definition': {'linkSupport': True},
        'rename': {'prepareSupport': True},
        'diagnostic': {'dynamicRegistration': False},
        'inlayHint': {},
        'semanticTokens': {'requests': {'full': True}, 'tokenTypes': [], 'tokenModifiers': [], 'formats': ['relative'],
                           'augmentsSyntaxTokens': True},
    },
}
OPTIONS = {
    'checkOnSave': False, 'cachePriming': {'enable': False}, 'numThreads': 1,
    'cargo': {'buildScripts': {'enable': True}, 'allTargets': False},
    'procMacro': {'enable': True, 'attributes': {'enable': True}},
    'diagnostics': {'styleLints': {'enable': False}},
    'semanticHighlighting': {'strings': {'enable': True}},
}
# The error codes of a server whose input has changed meanwhile. The client then asks again.
RETRY = (-32801, -32800)


class Analyzer:
    """One running rust-analyzer, and the texts of the files that are open in it."""

    def __init__(self, root, environment, log):
        self.root, self.texts, self.versions = Path(root), {}, {}
        self.answers, self.status, self.lock, self.asked = {}, {}, threading.Lock(), 0
        self.process = subprocess.Popen(['rust-analyzer'], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log,
                                        cwd=root, env=environment)
        threading.Thread(target=self._read, daemon=True).start()
        uri = f'file://{root}'
        answer = self.ask('initialize', {
            'processId': os.getpid(), 'rootUri': uri, 'capabilities': CAPABILITIES, 'initializationOptions': OPTIONS,
            'workspaceFolders': [{'uri': uri, 'name': 'workspace'}]})
        self.legend = answer['result']['capabilities']['semanticTokensProvider']['legend']
        self._send({'jsonrpc': '2.0', 'method': 'initialized', 'params': {}})
        end = time.time() + 300
        while time.time() < end and not self.status.get('quiescent'):
            time.sleep(.1)
        time.sleep(1)

    def _read(self):
        while True:
            headers = {}
            while line := self.process.stdout.readline().decode().strip():
                name, value = line.split(': ')
                headers[name] = value
            if not headers:
                return
            message = json.loads(self.process.stdout.read(int(headers['Content-Length'])))
            if 'id' in message and 'method' in message:
                result = [{}] if message['method'] == 'workspace/configuration' else None
                self._send({'jsonrpc': '2.0', 'id': message['id'], 'result': result})
            elif 'id' in message:
                self.answers[message['id']] = message
            elif message['method'] == 'experimental/serverStatus':
                self.status.update(message['params'])

    def _send(self, message):
        data = json.dumps(message).encode()
        with self.lock:
            self.process.stdin.write(b'Content-Length: %d\r\n\r\n' % len(data) + data)
            self.process.stdin.flush()

    def ask(self, method, params, seconds=120):
        """Sends a request and waits for the answer."""
        answer = {}
        for _ in range(5):
            self.asked += 1
            number = self.asked
            self._send({'jsonrpc': '2.0', 'id': number, 'method': method, 'params': params})
            end = time.time() + seconds
            while number not in self.answers and time.time() < end and self.process.poll() is None:
                time.sleep(.002)
            answer = self.answers.pop(number, {'error': {'message': f'no answer to {method}'}})
            if answer.get('error', {}).get('code') not in RETRY:
                return answer
            time.sleep(.3)
        return answer

    def stop(self):
        self.ask('shutdown', None, 5)
        try:
            self._send({'jsonrpc': '2.0', 'method': 'exit', 'params': None})
            self.process.wait(5)
        except (OSError, subprocess.TimeoutExpired):
            self.process.kill()

    def _document(self, file):
        return {'uri': f'file://{self.root / file}'}

    def open(self, file):
        self.texts[file], self.versions[file] = (self.root / file).read_text(), 1
        self._send({'jsonrpc': '2.0', 'method': 'textDocument/didOpen', 'params': {'textDocument': {
            **self._document(file), 'languageId': 'rust', 'version': 1, 'text': self.texts[file]}}})

    def change(self, file, text):
        self.texts[file] = text
        self.versions[file] += 1
        self._send({'jsonrpc': '2.0', 'method': 'textDocument/didChange', 'params': {
            'textDocument': {**self._document(file), 'version': self.versions[file]}, 'contentChanges': [{'text': text}]}})

    def reset(self, file):
        text = (self.root / file).read_text()
        if self.texts[file] != text:
            self.change(file, text)

    def position(self, file, line_with, word, occurrence=0):
        """Within an occurrence of a word on the first line that contains a text."""
        for number, line in enumerate(self.texts[file].split('\n')):
            if line_with in line:
                found = [match.start() for match in re.finditer(r'\b' + re.escape(word) + r'\b', line)]
                return {'line': number, 'character': found[occurrence] + min(1, len(word) - 1)}
        raise KeyError(line_with)

    def place(self, uri, span):
        """File, line number, line and marked text of a place in an answer."""
        path = Path(uri.removeprefix('file://'))
        file = str(path.relative_to(self.root)) if path.is_relative_to(self.root) else str(path)
        lines = (self.texts.get(file) or path.read_text()).split('\n')
        start, end = span['start'], span['end']
        line = lines[start['line']]
        same = start['line'] == end['line']
        return file, start['line'], line.strip(), line[start['character']:end['character'] if same else None]

    def definition(self, file, position):
        result = self.ask('textDocument/definition', {'textDocument': self._document(file), 'position': position}).get('result')
        return [self.place(each.get('targetUri') or each['uri'], each.get('targetSelectionRange') or each['range'])
                for each in result or []]

    def hover(self, file, position):
        result = self.ask('textDocument/hover', {'textDocument': self._document(file), 'position': position}).get('result') or {}
        return (result.get('contents') or {}).get('value', '')

    def references(self, file, position):
        result = self.ask('textDocument/references', {
            'textDocument': self._document(file), 'position': position, 'context': {'includeDeclaration': True}}).get('result')
        return sorted(self.place(each['uri'], each['range']) for each in result or [])

    def complete(self, file, text):
        """Replaces the text of a file. Returns the labels that the server offers at its `⎸`."""
        at = text.index('⎸')
        text = text.replace('⎸', '', 1)
        self.change(file, text)
        position = {'line': text.count('\n', 0, at), 'character': at - (text.rfind('\n', 0, at) + 1)}
        result = self.ask('textDocument/completion', {
            'textDocument': self._document(file), 'position': position, 'context': {'triggerKind': 1}}).get('result') or []
        items = result.get('items', []) if isinstance(result, dict) else result
        return [item['label'] for item in sorted(items, key=lambda item: item.get('sortText') or item['label'])]

    def rename(self, file, position, name):
        """Asks for a rename. Returns the server's objection, if any, and the edits of each file."""
        at = {'textDocument': self._document(file), 'position': position}
        prepared = self.ask('textDocument/prepareRename', at)
        answer = self.ask('textDocument/rename', {**at, 'newName': name})
        result, edits = answer.get('result') or {}, {}
        for change in result.get('documentChanges') or []:
            if 'edits' in change:
                edits.setdefault(change['textDocument']['uri'], []).extend(change['edits'])
        for uri, changes in (result.get('changes') or {}).items():
            edits.setdefault(uri, []).extend(changes)
        errors = [each['error'].get('message') for each in (prepared, answer) if 'error' in each]
        return errors, edits

    def diagnostics(self, file):
        answer = self.ask('textDocument/diagnostic', {'textDocument': self._document(file)})
        return (answer.get('result') or {}).get('items', answer.get('error'))

    def tokens(self, file):
        """For each line the words that are highlighted, with their types."""
        answer = self.ask('textDocument/semanticTokens/full', {'textDocument': self._document(file)})
        data = (answer.get('result') or {}).get('data', [])
        lines, found, line, column = self.texts[file].split('\n'), {}, 0, 0
        for at in range(0, len(data), 5):
            down, right, length, kind, _ = data[at:at + 5]
            line, column = (line + down, right) if down else (line, column + right)
            found.setdefault(line, []).append((lines[line][column:column + length], self.legend['tokenTypes'][kind]))
        return found

    def hints(self, file):
        end = {'line': self.texts[file].count('\n'), 'character': 0}
        answer = self.ask('textDocument/inlayHint', {
            'textDocument': self._document(file), 'range': {'start': {'line': 0, 'character': 0}, 'end': end}})
        return answer.get('result') or []

    def outline(self, file):
        answer = self.ask('textDocument/documentSymbol', {'textDocument': self._document(file)})
        return {symbol['name'] for symbol in answer.get('result') or []}

    def seconds(self):
        """The processor time of rust-analyzer and its macro server so far."""
        total = 0
        for process in [self.process.pid, *self._children()]:
            try:
                fields = Path(f'/proc/{process}/stat').read_text().rsplit(')', 1)[1].split()
            except OSError:
                continue
            total += (int(fields[11]) + int(fields[12])) / os.sysconf('SC_CLK_TCK')
        return total

    def _children(self):
        for process in Path('/proc').iterdir():
            if process.name.isdigit():
                try:
                    fields = (process / 'stat').read_text().rsplit(')', 1)[1].split()
                except OSError:
                    continue
                if int(fields[1]) == self.process.pid:
                    yield int(process.name)
