#!/usr/bin/env python3
"""A small network with faults, for tests: link-emulator.py PREFIX RECORDING PORT...

Three network namespaces, PREFIX-a, PREFIX-b and PREFIX-relay, hang on one hub in this process, at
10.77.0.1, .2 and .3. Whatever leaves one of them is delayed, lost or cut here. In a and b, each
127.0.0.1:PORT leads through the hub to the same port of the machine, as if that server stood at
10.77.0.3: pages are then on localhost, a secure context, and their TCP suffers as their UDP does.

A line on stdin sets numbers and is answered by one with the counts so far:

    delay_ms=50 loss=0.05        each way, from now on (loss: 0 to 1)
    udp_loss=1                   the same, of UDP alone: WebRTC, while what is TCP passes
    cut_s=10                     nothing passes for so long; answered when it passes again

Every frame that leaves a site is appended to the file RECORDING ("-" for none), in the form of
tcpdump's. The end of stdin ends everything. Needs root, iproute2 and /dev/net/tun.
"""
import asyncio, contextlib, ctypes, fcntl, os, random, socket, struct, subprocess, sys, time

SET_INTERFACE, TAP, NO_PACKET_INFO = 0x400454CA, 0x2, 0x1000
RELAY_SITE = '10.77.0.3'
libc = ctypes.CDLL(None, use_errno=True)
chance = random.Random(1)
settings = {'delay_ms': 0.0, 'loss': 0.0, 'udp_loss': 0.0}
counts = {'passed': 0, 'lost': 0, 'cut': 0}
is_cut = False

def ip(command):
    subprocess.run(['ip', *command.split()], check=True)

@contextlib.contextmanager
def inside(namespace):
    """What is opened in here, socket or device, belongs to the namespace for good."""
    with open('/proc/self/ns/net') as home, open(f'/run/netns/{namespace}') as there:
        if libc.setns(there.fileno(), 0) != 0:
            raise OSError(ctypes.get_errno(), 'setns')
        try:
            yield
        finally:
            libc.setns(home.fileno(), 0)

def make_site(namespace, address):
    """Makes the namespace; returns its network card, whose frames are read and written here."""
    ip(f'netns add {namespace}')
    with inside(namespace):
        card = os.open('/dev/net/tun', os.O_RDWR | os.O_NONBLOCK)
        fcntl.ioctl(card, SET_INTERFACE, struct.pack('16sH22x', b'tap0', TAP | NO_PACKET_INFO))
    for command in (f'addr add {address}/24 dev tap0', 'link set tap0 up', 'link set lo up',
                    'route add default dev tap0'):
        ip(f'-n {namespace} {command}')
    return card

def open_recording(path):
    recording = open(path, 'wb')
    recording.write(struct.pack('<IHHiIII', 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1))  # libpcap, Ethernet
    return recording

def record(recording, frame):
    now = time.time()
    recording.write(struct.pack('<IIII', int(now), int(now % 1 * 1e6), len(frame), len(frame)))
    recording.write(frame)

def is_udp(frame):
    return frame[12:14] == b'\x08\x00' and frame[23] == socket.IPPROTO_UDP

def fate_of(frame):
    if is_cut:
        return 'cut'
    is_lost = chance.random() < settings['loss'] or is_udp(frame) and chance.random() < settings['udp_loss']
    return 'lost' if is_lost else 'passed'

def deliver(card, frame):
    with contextlib.suppress(BlockingIOError):  # its queue is full: lost, as on any network
        os.write(card, frame)

def carry(loop, recording, source, others):
    """A hub: each frame goes to all others, and who is not meant drops it. Never reorders."""
    with contextlib.suppress(BlockingIOError):
        while True:
            frame = os.read(source, 4096)
            if recording:
                record(recording, frame)
            for card in others:
                fate = fate_of(frame)
                counts[fate] += 1
                if fate == 'passed':
                    loop.call_later(settings['delay_ms'] / 1000, deliver, card, frame)

async def pump(reader, writer):
    try:
        while chunk := await reader.read(65536):
            writer.write(chunk)
            await writer.drain()
    except OSError:
        pass  # one side reset it: the other is told by closing
    finally:
        writer.close()

async def lead(here, onward, port):
    """Takes connections at `here` (namespace, address), makes each at `onward`, joins the two."""
    def open_socket(namespace):
        with inside(namespace) if namespace else contextlib.nullcontext():
            return socket.socket()

    async def join(reader, writer):
        out = open_socket(onward[0])
        out.setblocking(False)
        try:
            await asyncio.get_running_loop().sock_connect(out, (onward[1], port))
        except OSError:
            out.close()
            return writer.close()
        far_reader, far_writer = await asyncio.open_connection(sock=out)
        with contextlib.suppress(asyncio.CancelledError):  # the end of everything
            await asyncio.gather(pump(reader, far_writer), pump(far_reader, writer))

    listener = open_socket(here[0])
    listener.bind((here[1], port))
    return await asyncio.start_server(join, sock=listener)

async def obey(lines):
    global is_cut
    async for line in lines:
        wanted = {name: float(value) for name, value in (part.split('=') for part in line.decode().split())}
        cut_s = wanted.pop('cut_s', 0)
        settings.update(wanted)
        is_cut = cut_s > 0
        await asyncio.sleep(cut_s)
        is_cut = False
        print(*(f'{name}={count}' for name, count in counts.items()), flush=True)

async def main(prefix, recording, ports):
    loop = asyncio.get_running_loop()
    names = [f'{prefix}-{site}' for site in ('a', 'b', 'relay')]
    cards = []
    try:
        cards = [make_site(name, f'10.77.0.{number}') for number, name in enumerate(names, 1)]
        for card in cards:
            loop.add_reader(card, carry, loop, recording, card, [other for other in cards if other != card])
        _servers = [await lead((names[2], RELAY_SITE), (None, '127.0.0.1'), port) for port in ports]
        _servers += [await lead((name, '127.0.0.1'), (name, RELAY_SITE), port) for name in names[:2] for port in ports]
        print('ready', flush=True)
        lines = asyncio.StreamReader()
        await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
        await obey(lines)
    finally:
        for card in cards:
            loop.remove_reader(card)
        if recording:
            recording.close()
        for name in names:
            subprocess.run(['ip', 'netns', 'del', name], stderr=subprocess.DEVNULL)

_, prefix, path, *ports = sys.argv
asyncio.run(main(prefix, None if path == '-' else open_recording(path), [int(port) for port in ports]))
