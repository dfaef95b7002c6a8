#!/usr/bin/env python3
"""Measures the WebGL engine on this machine, by the pages that `npm run gpu` has built beside this file.

Needs x86-64 Linux and Python's standard library. The pages run in headless Chromium and send what they find; each part
has a time limit. The status is 1 if a check failed or a part did not end.
"""

import argparse
import contextlib
import functools
import glob
import http.server
import io
import json
import os
import platform
import queue
import shutil
import signal
import subprocess
import sys
import tarfile
import tempfile
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
# Name, page and seconds at most. The lab's page is opened twice with one profile: what a second visit finds is cached.
PARTS = [
    ('Tests of the engines', 'engine', 120),
    ('Start of the page, first visit', 'site', 25),
    ('Start of the page, second visit', 'site', 25),
    ('Training steps', 'bench', 240),
]
LIBRARIES = ['usr/lib/x86_64-linux-gnu', 'lib/x86_64-linux-gnu', 'usr/lib/x86_64-linux-gnu/pulseaudio']
# The variable that tells a loader where a driver is described, if it does not look there by itself.
DRIVERS = {
    '__EGL_VENDOR_LIBRARY_FILENAMES': 'glvnd/egl_vendor.d/*nvidia*.json',
    'VK_DRIVER_FILES': 'vulkan/icd.d/*nvidia*.json',
}


def parse_arguments(args):
    parser = argparse.ArgumentParser(description=__doc__.split('\n')[0])
    add = parser.add_argument
    add('--angle', default='gl-egl', help='how Chromium renders WebGL: gl-egl (default), vulkan or swiftshader')
    add('--only', help='pages to run, separated by commas: engine,site,bench')
    add('--patience', type=float, default=1, help='factor of the time limits, which add up to seven minutes')
    add('--browser', help='another Chromium than the one that came along')
    add('--unpack', default='/tmp/gpu-browser', help='folder for the one that came along (default: %(default)s)')
    add('--out', default='results.json', help='file of the results (default: %(default)s)')
    add('flags', nargs='*', metavar='FLAG', help='flags for Chromium, after --')
    return parser.parse_args(args)


def unpack_browser(folder):
    """Unpacks the packages into a folder of their own, once. Returns the program."""
    program = os.path.join(folder, 'usr/lib/chromium/chromium-headless-shell')
    pieces = sorted(glob.glob(os.path.join(HERE, 'browser.tar.*')))
    if not os.path.exists(program) and pieces:
        with tempfile.TemporaryDirectory() as packages:
            data = b''.join(open(piece, 'rb').read() for piece in pieces)
            tarfile.open(fileobj=io.BytesIO(data)).extractall(packages)
            for package in glob.glob(os.path.join(packages, '*.deb')):
                subprocess.run(['dpkg', '-x', package, folder], check=True)
    if not os.path.exists(program):
        sys.exit('There is no browser: run `npm run gpu -- --chromium`, or name one by --browser.')
    return program


def environment(folder):
    """Lets the unpacked browser find its own libraries, a font, and the machine's driver."""
    env = dict(os.environ)
    if folder:
        paths = [os.path.join(folder, path) for path in LIBRARIES] + [env.get('LD_LIBRARY_PATH', '')]
        env['LD_LIBRARY_PATH'] = ':'.join(filter(None, paths))
        fonts = os.path.join(folder, 'fonts.conf')
        with open(fonts, 'w') as file:
            folders = f'<dir>{folder}/usr/share/fonts</dir><cachedir>{folder}/fonts</cachedir>'
            file.write(f'<fontconfig>{folders}</fontconfig>')
        env['FONTCONFIG_FILE'] = fonts
    for name, pattern in DRIVERS.items():
        usual, others = (
            [path for place in places for path in glob.glob(f'{place}/{pattern}')]
            for places in (['/usr/share', '/etc'], ['/usr/local/share', '/usr/local/*/share'])
        )
        if not usual and others:
            env.setdefault(name, others[0])
    return env


class Handler(http.server.SimpleHTTPRequestHandler):
    """Serves the pages, cross-origin isolated, and takes what they report."""

    pieces = queue.Queue()

    def end_headers(self):
        self.send_header('Cross-Origin-Opener-Policy', 'same-origin')
        self.send_header('Cross-Origin-Embedder-Policy', 'require-corp')
        super().end_headers()

    def do_POST(self):
        body = self.rfile.read(int(self.headers['Content-Length'])).decode()
        self.pieces.put(json.loads(body) if self.path == '/report' else {'text': f'Browser: {body}'})
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_):
        pass


def flags_for(angle):
    flags = [f'--use-angle={angle}', '--ignore-gpu-blocklist']
    if angle.startswith('swiftshader'):
        flags.append('--enable-unsafe-swiftshader')
    if angle == 'vulkan':
        flags += ['--enable-features=Vulkan', '--disable-vulkan-surface']
    return flags


def run_part(command, env, url, seconds):
    """Opens a page, prints what it sends, and ends the browser. Returns what is kept of it."""
    Handler.pieces = queue.Queue()
    started, kept, failed, is_done = time.monotonic(), [], [], False
    with tempfile.TemporaryFile() as log:
        browser = subprocess.Popen([*command, url], env=env, stdout=log, stderr=log, start_new_session=True)
        try:
            while not is_done:
                left = started + seconds - time.monotonic()
                if left <= 0 or browser.poll() is not None and Handler.pieces.empty():
                    ended = f'the browser ended with {browser.returncode}'
                    failed.append(f'not done within {seconds:g} s' if left <= 0 else ended)
                    log.seek(0)
                    text = log.read()[-3000:].decode(errors='replace')
                    print(text, f'FAILED {failed[-1]}', sep='\n', flush=True)
                    break
                try:
                    piece = Handler.pieces.get(timeout=min(left, 1))
                except queue.Empty:
                    continue
                if 'text' in piece:
                    print(piece['text'], flush=True)
                if 'failed' in piece:
                    failed.append(piece['failed'])
                    print('FAILED', piece['failed'], flush=True)
                if 'data' in piece:
                    kept.append(piece['data'])
                is_done = piece.get('isDone', False)
        finally:
            # First by itself, so that it writes what it has stored; then all that is left of it.
            browser.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                browser.wait(timeout=5)
            with contextlib.suppress(ProcessLookupError):
                os.killpg(browser.pid, signal.SIGKILL)
            browser.wait()
    return {'seconds': round(time.monotonic() - started, 1), 'failed': failed, 'found': kept}


def output_of(command, env=None):
    try:
        return subprocess.run(command, env=env, capture_output=True, text=True, timeout=20).stdout.strip()
    except (OSError, subprocess.TimeoutExpired):
        return ''


def main():
    options = parse_arguments(sys.argv[1:])
    # Ends the browser, too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    program = options.browser or unpack_browser(options.unpack)
    env = environment(None if options.browser else options.unpack)
    query = ['nvidia-smi', '--query-gpu=name,driver_version', '--format=csv,noheader']
    machine = {
        'graphics': output_of(query) or 'no nvidia-smi',
        'cores': len(os.sched_getaffinity(0)),
        'system': platform.platform(),
        'browser': output_of([program, '--version', '--no-sandbox'], env) or program,
        'flags': flags_for(options.angle) + options.flags,
    }
    print(*(f'{name}: {value}' for name, value in machine.items()), sep='\n', flush=True)
    server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), functools.partial(Handler, directory=HERE))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    results = {'machine': machine, 'parts': []}
    profiles = tempfile.mkdtemp()
    for name, page, seconds in PARTS:
        if options.only and page not in options.only.split(','):
            continue
        print(f'\n== {name}', flush=True)
        command = [program, '--headless', '--no-sandbox', '--disable-dev-shm-usage', '--no-first-run',
                   '--remote-debugging-port=0', f'--user-data-dir={profiles}/{page}', *machine['flags']]
        url = f'http://127.0.0.1:{server.server_port}/{page}/?report'
        part = run_part(command, env, url, seconds * options.patience)
        results['parts'].append({'name': name, **part})
        with open(options.out, 'w') as file:
            json.dump(results, file, indent=1)
    shutil.rmtree(profiles, ignore_errors=True)
    failures = sum(len(part['failed']) for part in results['parts'])
    print(f'\n{failures} failed; results in {options.out}')
    return 1 if failures else 0


if __name__ == '__main__':
    sys.exit(main())
