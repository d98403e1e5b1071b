#!/usr/bin/env python3
"""A second reader of the change format, written from docs/format.md alone (its sections are named below).

    check_format.py [format.jsonl]

Reads every vector beside it, compares what the bytes say with the vector's `fields`, computes hashes, ids, tree heads
and digests anew, checks every signature, and sees that every `refused` line is refused. Standard library only.
"""
import base64
import hashlib
import json
import pathlib
import struct
import sys


class Refused(Exception):
    """Bytes that are not the one encoding of anything."""


def need(condition, what):
    if not condition:
        raise Refused(what)


def sha(data):
    return hashlib.sha256(data).digest()


# Section 11
HEADER, ORDER, UNFOLDED, CELLS = 20 * 1024, 256 * 1024, 16 * 1024 * 1024, 1_048_576
BATCH_CHANGES, BATCH_ENTRIES = 131_072, 1_048_576


class Reader:
    """Section 1."""

    def __init__(self, data):
        self.data, self.at = data, 0

    def left(self):
        return len(self.data) - self.at

    def raw(self, count):
        need(count <= self.left(), "cut short")
        self.at += count
        return self.data[self.at - count:self.at]

    def byte(self):
        return self.raw(1)[0]

    def flag(self):
        value = self.byte()
        need(value < 2, "flag")
        return value == 1

    def varint(self):
        value = 0
        for place in range(10):
            byte = self.byte()
            value |= (byte & 0x7F) << (7 * place)
            if byte < 0x80:
                need(byte or place == 0, "longer than needed")
                need(value < 1 << 64, "past 64 bits")
                return value
        raise Refused("past 64 bits")

    def zigzag(self):
        value = self.varint()
        return value >> 1 if value % 2 == 0 else -(value >> 1) - 1

    def fixed64(self):
        return struct.unpack(">Q", self.raw(8))[0]

    def id(self):
        return self.raw(16)

    def hash(self):
        return self.raw(32)

    def count(self, limit=None):
        value = self.varint()
        need(limit is None or value <= limit, "over the limit")
        need(value <= self.left(), "more than is left")
        return value

    def block(self, limit=None):
        return self.raw(self.count(limit))

    def text(self, limit):
        return clean(self.block(limit))

    def optional(self, read):
        return read() if self.flag() else None

    def dot(self):
        log, sequence = self.id(), self.varint()
        need(sequence >= 1, "sequence 0")
        return log, sequence

    def mark(self):
        epoch, number = self.varint(), self.varint()
        need((epoch == 0) == (number == 0), "mark")
        return epoch, number

    def end(self):
        need(self.left() == 0, "something after the end")


def clean(data):
    need(0 not in data, "NUL")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Refused("not UTF-8") from error


def ascending(items):
    need(all(a < b for a, b in zip(items, items[1:])), "not ascending")


# Section 2

P = 2**255 - 19
LOW_ORDER = {0, 1, P - 1} | {
    int.from_bytes(bytes.fromhex(y), "little")
    for y in (
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    )
}


def public_key(data):
    y = int.from_bytes(data, "little") & (1 << 255) - 1
    need(len(data) == 32 and y < P and y not in LOW_ORDER, "public key")
    return data


def show_dot(dot):
    return {"log": dot[0].hex(), "sequence": dot[1]}


def show_mark(mark):
    return {"epoch": mark[0], "number": mark[1]}


def show_stamp(stamp):
    return {"milliseconds": stamp >> 16, "counter": stamp & 0xFFFF}


def show_named(dot, header_hash):
    return {**show_dot(dot), "hash": header_hash.hex()}


def show_hex(data):
    return None if data is None else data.hex()


# Section 3


def read_genesis(r):
    need(r.text(32) == "circuit/genesis", "tag")
    need(r.byte() == 1 and r.byte() == 1, "version")
    court, scope = r.id(), r.text(256)
    need(scope, "no scope")
    key, incarnation = public_key(r.raw(32)), r.id()
    predecessor = r.optional(lambda: show_named(r.dot(), r.hash()))
    reason = r.byte()
    need(reason <= 6, "reason")
    return {
        "court": court.hex(), "scope": scope, "key": key.hex(), "incarnation": incarnation.hex(),
        "predecessor": predecessor, "reason": reason,
    }


# Sections 4 and 5


def read_extensions(r, least=0):
    count = r.count(64)
    need(count >= least, "no extension")
    found = [(r.varint(), r.block()) for _ in range(count)]
    ascending([number for number, _ in found])
    return [{"number": number, "bytes": data.hex()} for number, data in found]


def read_header(r):
    need(len(r.data) <= HEADER, "over the limit")
    need(r.byte() == 1 and r.byte() == 1, "version")
    court, scope = r.id(), r.text(256)
    need(scope, "no scope")
    log, sequence = r.dot()
    previous, payload_hash, payload_length = r.hash(), r.hash(), r.varint()
    stamp, authentication, order = r.fixed64(), r.byte(), r.mark()
    form = r.byte()
    need(form == 0 if sequence > 1 else form in (1, 2), "base")
    base = ["previous", "none", None][form]
    if form == 2:
        base = show_dot(r.dot())
    entries = [r.dot() for _ in range(r.count(1024))]
    ascending([entry[0] for entry in entries])
    digest = r.raw(16) if entries else None
    return {
        "court": court.hex(), "scope": scope, "log": log.hex(), "sequence": sequence, "previous": previous.hex(),
        "payload_hash": payload_hash.hex(), "payload_length": payload_length, "stamp": show_stamp(stamp),
        "authentication": authentication, "order": show_mark(order),
        "context": {"base": base, "entries": [show_dot(e) for e in entries], "digest": show_hex(digest)},
        "extensions": read_extensions(r),
    }


# Section 6

NULL, FALSE, TRUE, INTEGER, REAL, TEXT, BYTES, DATE, INSTANT, REF, REDACTED = range(11)
NAMES = ["null", "false", "true", "integer", "real", "text", "bytes", "date", "instant", "ref", "redacted"]
NUMBERS, STRINGS = (INTEGER, DATE, INSTANT), (TEXT, BYTES, REF)


class Values:
    """The values of one column, each against the ones above it; a flat value has none above."""

    def __init__(self, r, unfolded):
        self.r, self.unfolded, self.number, self.string = r, unfolded, 0, b""

    def real(self):
        data = self.r.raw(8)
        value = struct.unpack(">d", data)[0]
        need(value - value == 0 and data != b"\x80" + bytes(7), "real")
        return data.hex()

    def take(self, tag, data):
        self.unfolded[0] += len(data)
        need(self.unfolded[0] <= UNFOLDED, "unfolds past the limit")
        return clean(data) if tag == TEXT else data.hex()

    def checked(self, tag, number):
        need(tag != DATE or -(2**31) <= number < 2**31, "date")
        return number

    def flat(self, tag):
        if tag in NUMBERS:
            return self.checked(tag, self.r.zigzag())
        if tag == REAL:
            return self.real()
        if tag in STRINGS:
            return self.take(tag, self.r.id() if tag == REF else self.r.block())
        return None

    def next(self, tag):
        if tag in NUMBERS:
            number = (self.number + self.r.zigzag()) & (1 << 64) - 1
            self.number = number - (1 << 64) if number >> 63 else number
            return self.checked(tag, self.number)
        if tag == REAL:
            return self.real()
        if tag in STRINGS:
            above = self.string
            shared = self.r.varint()
            need(shared <= len(above) and (tag != REF or shared <= 16), "shared")
            need(self.unfolded[0] + shared <= UNFOLDED, "unfolds past the limit")
            rest = self.r.raw(16 - shared) if tag == REF else self.r.block()
            need(not rest or shared == len(above) or rest[0] != above[shared], "shared could be larger")
            self.string = above[:shared] + rest
            return self.take(tag, self.string)
        return None


def read_bitmap(r, count):
    data = r.raw((count + 7) // 8)
    bits = [bool(data[i // 8] >> i % 8 & 1) for i in range(len(data) * 8)]
    need(not any(bits[count:]), "spare bit")
    bits = bits[:count]
    need(any(bits) and not all(bits), "a bitmap that says nothing")
    return bits


def number32(r):
    value = r.varint()
    need(1 <= value < 1 << 32, "table or column")
    return value


def read_records(r, count):
    records = [r.id()]
    while len(records) < count:
        shared = r.byte()
        need(shared < 16, "shared")
        above, rest = records[-1], r.raw(16 - shared)
        need(rest[0] != above[shared], "shared could be larger")
        records.append(above[:shared] + rest)
    ascending(records)
    return records


def read_body(r):
    """The writes as (table, record, column, decides, tag, value), in the payload's order."""
    unfolded, cells, writes = [0], 0, []
    tables = r.count()
    if tables == 0:
        table, record = number32(r), r.id()
        columns = r.count()
        need(columns, "no column")
        for _ in range(columns):
            column, byte = number32(r), r.byte()
            tag = byte & 0x7F
            need(tag <= REDACTED, "tag")
            writes.append((table, record, column, byte >= 0x80, tag, Values(r, unfolded).flat(tag)))
        ascending([write[2] for write in writes])
        return writes
    numbers = []
    for _ in range(tables):
        table, count = number32(r), r.count()
        numbers.append(table)
        need(count and not (tables == 1 and count == 1), "records")
        records = read_records(r, count)
        columns, written = [], [False] * count
        columns_count = r.count()
        need(columns_count, "no column")
        for _ in range(columns_count):
            cells += count
            need(cells <= CELLS, "unfolds past the limit")
            column = number32(r)
            columns.append(column)
            presence = r.byte()
            need(presence <= 1, "presence")
            present = read_bitmap(r, count) if presence else [True] * count
            written = [a or b for a, b in zip(written, present)]
            rows = [i for i in range(count) if present[i]]
            decisions = r.byte()
            need(decisions <= 2, "decisions")
            decides = read_bitmap(r, len(rows)) if decisions == 2 else [decisions == 1] * len(rows)
            types = r.byte()
            tags = [r.byte() for _ in rows] if types == 0xFF else [types] * len(rows)
            need(all(tag <= REDACTED for tag in tags), "tag")
            need(types != 0xFF or len(set(tags)) > 1, "tags all the same")
            values = Values(r, unfolded)
            for row, decide, tag in zip(rows, decides, tags):
                writes.append((table, records[row], column, decide, tag, values.next(tag)))
        ascending(columns)
        need(all(written), "a record without a write")
    ascending(numbers)
    return writes


def read_payload(r):
    salt, actor, note = r.id(), r.text(256), r.text(1024)
    writes = [
        {
            "table": table, "record": record.hex(), "column": column, "decides": decides,
            "value": {"type": NAMES[tag], "value": value},
        }
        for table, record, column, decides, tag, value in read_body(r)
    ]
    return {"salt": salt.hex(), "actor": actor, "note": note, "writes": writes}


def read_stored_frame(data, size):
    """RFC 8878, as far as the vectors need it: one frame of uncompressed blocks with a content size of four bytes."""
    r = Reader(data)
    need(r.raw(5) == bytes.fromhex("28b52ffda0"), "a frame that a full zstd reader would read")
    need(int.from_bytes(r.raw(4), "little") == size, "size")
    clear, last = b"", False
    while not last:
        head = int.from_bytes(r.raw(3), "little")
        last = head & 1 == 1
        need(head >> 1 & 3 == 0, "a block that a full zstd reader would read")
        clear += r.raw(head >> 3)
    r.end()
    need(len(clear) == size, "size")
    return clear


def unpack(data):
    need(data, "cut short")
    if data[0] == 0:
        return data[1:]
    need(data[0] == 1, "form")
    r = Reader(data[1:])
    size = r.varint()
    need(size <= UNFOLDED, "over the limit")
    return read_stored_frame(r.raw(r.left()), size)


# Section 8


def read_range(r):
    (log, first), first_hash = r.dot(), r.optional(r.hash)
    last, last_hash = r.optional(r.varint), r.optional(r.hash)
    need((last is None) == (last_hash is None), "an end without its hash")
    need(last is None or (last >= first and first_hash is not None), "range")
    return {
        "log": log.hex(), "from": first, "from_hash": show_hex(first_hash), "to": last, "to_hash": show_hex(last_hash),
    }


def read_grant(r):
    device, signing, agreement, label = r.id(), r.block(64), r.block(64), r.text(1024)
    scopes = [r.text(256) for _ in range(r.count())]
    ascending([scope.encode() for scope in scopes])
    return {
        "device": device.hex(), "signing_key": signing.hex(), "agreement_key": agreement.hex(), "label": label,
        "scopes": scopes, "rights": r.byte(), "from": r.varint(), "until": r.optional(r.varint),
    }


def read_revoke(r):
    device = r.id()
    stands = [(r.dot(), r.hash()) for _ in range(r.count())]
    ascending([dot[0] for dot, _ in stands])
    return {"device": device.hex(), "stands": [show_named(*entry) for entry in stands]}


def read_exclude(r):
    return {"range": read_range(r), "reason": r.text(1024)}


def read_restamp(r):
    return {"range": read_range(r), "at": show_stamp(r.fixed64()), "reason": r.text(1024)}


def read_fork(r):
    return show_named(r.dot(), r.hash())


def read_redact(r):
    header = show_named(r.dot(), r.hash())
    positions = [r.varint() for _ in range(r.count())]
    ascending(positions)
    need(all(position < 1 << 32 for position in positions), "position")
    return {"header": header, "positions": positions, "payload_hash": r.hash().hex()}


def read_time(r):
    return {"tree_size": r.varint(), "tree_head": r.hash().hex(), "lowers": r.flag()}


def read_epoch(r):
    return {"stands": r.varint()}


KINDS = [
    ("grant", read_grant), ("revoke", read_revoke), ("exclude", read_exclude), ("restamp", read_restamp),
    ("fork", read_fork), ("redact", read_redact), ("time", read_time), ("epoch", read_epoch),
]


def read_order(r):
    need(len(r.data) <= ORDER, "over the limit")
    need(r.byte() == 1, "version")
    epoch, number = r.varint(), r.varint()
    need(epoch and number, "mark")
    previous, time, kind = r.hash(), r.varint(), r.byte()
    need(1 <= kind <= 8, "kind")
    name, read = KINDS[kind - 1]
    return {
        "mark": show_mark((epoch, number)), "previous": previous.hex(), "time": time, "kind": name, "content": read(r),
    }


# Section 9


def read_receipt(r):
    need(r.byte() == 1, "version")
    mark, number, time = r.mark(), r.varint(), r.varint()
    entries = [
        {"log": r.id().hex(), "held": r.varint(), "hash": r.hash().hex(), "applied": r.varint()}
        for _ in range(r.count())
    ]
    ascending([entry["log"] for entry in entries])
    return {"mark": show_mark(mark), "number": number, "time": time, "entries": entries}


# Section 10


def tree_head(leaves):
    if not leaves:
        return sha(b"")
    if len(leaves) == 1:
        return sha(b"\x00" + leaves[0])
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return sha(b"\x01" + tree_head(leaves[:split]) + tree_head(leaves[split:]))


def read_checkpoint(data, key):
    text, _, signatures = data.decode().partition("\n\n")
    origin, size, head = text.split("\n")
    need(str(int(size)) == size, "size")
    for line in signatures.splitlines():
        dash, name, signed = line.split(" ")
        signed = base64.b64decode(signed, validate=True)
        if dash == "\u2014" and name == origin and signed[:4] == sha(name.encode() + b"\x0a\x01" + key)[:4]:
            need(verify(key, (text + "\n").encode(), signed[4:]), "signature")
            return {"origin": origin, "size": int(size), "head": base64.b64decode(head, validate=True).hex()}
    raise Refused("no signature of this key")


# Section 14


def read_batch(r):
    orders = []
    for _ in range(r.count()):
        data, signature = r.block(ORDER), r.raw(64)
        read_all(read_order, data)
        orders.append({"bytes": data.hex(), "signature": signature.hex()})
    receipts = []
    for _ in range(r.count()):
        data, signature = r.block(), r.raw(64)
        read_all(read_receipt, data)
        receipts.append({"bytes": data.hex(), "signature": signature.hex()})
    logs = []
    for _ in range(r.count()):
        genesis = r.block(1024) if r.flag() else None
        if genesis is not None:
            read_all(read_genesis, genesis)
        log = r.id() if genesis is None else sha(genesis)[:16]
        logs.append({"log": log.hex(), "genesis": show_hex(genesis)})
    names = [entry["log"] for entry in logs]
    need(len(set(names)) == len(names), "a log twice")
    room = [BATCH_CHANGES, BATCH_ENTRIES]
    runs = [read_run(r, names, room) for _ in range(r.count())]
    return {"orders": orders, "receipts": receipts, "logs": logs, "runs": runs}


def read_place(r, names):
    place = r.varint()
    need(place < len(names), "place")
    return names[place]


def read_run(r, names, room):
    log, first, previous = read_place(r, names), r.varint(), r.hash()
    need(first >= 1, "sequence 0")
    count = r.count()
    need(count >= 1, "no change")
    need(first + count <= 2**64 - 1, "sequence past 64 bits")
    room[0] -= count
    need(room[0] >= 0, "over the limit")
    changes, above = [], {"milliseconds": 0, "order": (0, 0), "authentication": 0}
    for sequence in range(first, first + count):
        changes.append(read_change(r, names, room, sequence, above))
    heads, at = [], first
    for i in range(r.count()):
        step = r.varint()
        need(step or i == 0, "two heads on one change")
        at += step
        heads.append({"sequence": at, "signature": r.raw(64).hex()})
    need(heads and at == first + count - 1, "heads")
    return {"log": log, "first": first, "previous": previous.hex(), "changes": changes, "heads": heads}


def read_change(r, names, room, sequence, above):
    fields = r.byte()
    need(fields < 128, "fields")
    above["milliseconds"] += r.zigzag()
    need(0 <= above["milliseconds"] < 1 << 48, "stamp")
    counter = r.varint() if fields & 16 else 0
    need(not fields & 16 or 1 <= counter <= 65_535, "counter")
    if fields & 1:
        order = r.mark()
        need(order != above["order"], "no change of the order")
        above["order"] = order
    if fields & 2:
        level = r.byte()
        need(level != above["authentication"], "no change of the authentication")
        above["authentication"] = level
    base = "none" if sequence == 1 else "previous"
    if fields & 32:
        need(sequence == 1, "base")
        base = {"log": read_place(r, names), "sequence": r.varint()}
        need(base["sequence"] >= 1, "sequence 0")
    entries, digest = [], None
    if fields & 4:
        entries = [{"log": read_place(r, names), "sequence": r.varint()} for _ in range(r.count(1024))]
        need(entries and all(entry["sequence"] >= 1 for entry in entries), "entries")
        ascending([entry["log"] for entry in entries])
        digest = r.raw(16)
    extensions = read_extensions(r, least=1) if fields & 8 else []
    room[1] -= len(entries) + len(extensions)
    need(room[1] >= 0, "over the limit")
    payload_hash, payload_length = (r.hash(), r.varint()) if fields & 64 else (None, None)
    payload = r.block()
    need(payload, "no payload")
    return {
        "stamp": {"milliseconds": above["milliseconds"], "counter": counter},
        "authentication": above["authentication"], "order": show_mark(above["order"]),
        "context": {"base": base, "entries": entries, "digest": show_hex(digest)}, "extensions": extensions,
        "payload": payload.hex(), "payload_hash": show_hex(payload_hash), "payload_length": payload_length,
    }


def rebuild_header(genesis, run, change, sequence, previous):
    """The header's bytes from a run, as the end of section 14 says."""
    clear = unpack(bytes.fromhex(change["payload"]))
    out = bytearray([1, 1]) + bytes.fromhex(genesis["court"]) + block(genesis["scope"].encode())
    out += bytes.fromhex(run["log"]) + varint(sequence) + previous
    out += bytes.fromhex(change["payload_hash"]) if change["payload_hash"] else sha(clear)
    out += varint(len(clear) if change["payload_length"] is None else change["payload_length"])
    out += struct.pack(">Q", change["stamp"]["milliseconds"] << 16 | change["stamp"]["counter"])
    out += bytes([change["authentication"]]) + varint(change["order"]["epoch"]) + varint(change["order"]["number"])
    context = change["context"]
    if isinstance(context["base"], dict):
        out += b"\x02" + bytes.fromhex(context["base"]["log"]) + varint(context["base"]["sequence"])
    else:
        out += bytes([["previous", "none"].index(context["base"])])
    out += varint(len(context["entries"]))
    for entry in context["entries"]:
        out += bytes.fromhex(entry["log"]) + varint(entry["sequence"])
    out += bytes.fromhex(context["digest"] or "") + varint(len(change["extensions"]))
    for extension in change["extensions"]:
        out += varint(extension["number"]) + block(bytes.fromhex(extension["bytes"]))
    return bytes(out)


def varint(value):
    out = bytearray()
    while value >= 0x80:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes(out) + bytes([value])


def zigzag(value):
    return varint((value << 1 ^ value >> 63) & (1 << 64) - 1)


def block(data):
    return varint(len(data)) + data


# Section 12


def digest_bytes(members):
    out = b""
    for member in members:
        tag, value = NAMES.index(member["value"]["type"]), member["value"]["value"]
        out += varint(member["table"]) + bytes.fromhex(member["record"]) + varint(member["column"])
        out += bytes.fromhex(member["log"]) + varint(member["sequence"]) + bytes([member["decides"], tag])
        if tag in NUMBERS:
            out += zigzag(value)
        elif tag in (REAL, REF):
            out += bytes.fromhex(value)
        elif tag in (TEXT, BYTES):
            out += block(value.encode() if tag == TEXT else bytes.fromhex(value))
    keys = [
        (m["table"], m["record"], m["column"], m["log"], m["sequence"]) for m in members
    ]
    ascending(keys)
    return out


# Section 7: Ed25519, RFC 8032, 5.1.7, plainly and slowly.

ORDER_OF_GROUP = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P


def add(a, b):
    (x1, y1, z1, t1), (x2, y2, z2, t2) = a, b
    u, v, w, s = (y1 - x1) * (y2 - x2) % P, (y1 + x1) * (y2 + x2) % P, 2 * t1 * t2 * D % P, 2 * z1 * z2 % P
    e, f, g, h = v - u, s - w, s + w, v + u
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(scalar, point):
    total = (0, 1, 1, 0)
    while scalar:
        if scalar & 1:
            total = add(total, point)
        point, scalar = add(point, point), scalar >> 1
    return total


def point(data):
    number = int.from_bytes(data, "little")
    sign, y = number >> 255, number & (1 << 255) - 1
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    if y >= P or (x * x - square) % P or (x == 0 and sign):
        return None
    if x & 1 != sign:
        x = P - x
    return x, y, 1, x * y % P


BASE = point((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


def verify(key, message, signature):
    a, r, s = point(public_key(key)), point(signature[:32]), int.from_bytes(signature[32:], "little")
    if len(signature) != 64 or a is None or r is None or s >= ORDER_OF_GROUP:
        return False
    k = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % ORDER_OF_GROUP
    (x1, y1, z1, _), (x2, y2, z2, _) = times(s, BASE), add(r, times(k, a))
    return (x1 * z2 - x2 * z1) % P == 0 and (y1 * z2 - y2 * z1) % P == 0


def secret_to_public(seed):
    h = bytearray(hashlib.sha512(seed).digest()[:32])
    h[0] &= 248
    h[31] = h[31] & 127 | 64
    x, y, z, _ = times(int.from_bytes(h, "little"), BASE)
    x, y = x * pow(z, P - 2, P) % P, y * pow(z, P - 2, P) % P
    return (y | (x & 1) << 255).to_bytes(32, "little")


# The vectors, section 15


def read_all(read, data):
    r = Reader(data)
    found = read(r)
    r.end()
    return found


READERS = {
    "varint": lambda r: {"value": r.varint()}, "zigzag": lambda r: {"value": r.zigzag()}, "genesis": read_genesis,
    "header": read_header, "payload": read_payload, "order": read_order, "receipt": read_receipt, "batch": read_batch,
    "head": lambda r: show_named(r.dot(), r.hash()),
}


class Checker:
    def __init__(self, vectors):
        self.vectors = vectors
        self.payloads = {v["name"]: v for v in vectors if v["kind"] == "payload"}
        self.headers = {v["sha256"] for v in vectors if v["kind"] == "header"}

    def check(self, v):
        kind, data, fields = v["kind"], bytes.fromhex(v["hex"]), v["fields"]
        if kind == "refused":
            try:
                read_all(READERS[fields["as"]], data)
            except Refused:
                return
            raise Refused("was taken")
        if kind in READERS:
            self.equal(read_all(READERS[kind], data), fields)
        else:
            getattr(self, kind.replace(" ", "_"))(v, data, fields)
        if kind == "batch":
            self.rebuilt(fields)
        if "sha256" in v:
            self.equal(sha(data).hex(), v["sha256"])
        if kind in ("genesis", "key"):
            self.equal(sha(data)[:16].hex(), v["id"])
        if "signature" in v:
            signed, key = bytes.fromhex(v["signed"]), bytes.fromhex(v["key"])
            tag = block(b"circuit/%s/1" % kind.encode())
            need(signed[:len(tag)] == tag and signed[len(tag) + 16:] == data, "signed bytes")
            need(verify(key, signed, bytes.fromhex(v["signature"])), "signature")

    @staticmethod
    def equal(found, expected):
        if found != expected:
            raise Refused(f"found {found}")

    def key(self, v, data, fields):
        self.equal(secret_to_public(bytes.fromhex(fields["seed"])), data)

    def redacted(self, v, data, fields):
        found, original = read_all(read_payload, data), self.payloads[fields["of"]]["fields"]
        self.equal(found, fields["payload"])
        self.equal(found["salt"], bytes(16).hex())
        self.equal((found["actor"], found["note"]), (original["actor"], original["note"]))
        gone = {"type": "redacted", "value": None}
        expected = [
            {**write, "value": gone} if position in fields["positions"] else write
            for position, write in enumerate(original["writes"])
        ]
        self.equal(found["writes"], expected)

    def context_digest(self, v, data, fields):
        self.equal(sha(b"".join(bytes.fromhex(h) for h in fields["hashes"]))[:16], data)

    def tree_head(self, v, data, fields):
        self.equal(tree_head([bytes.fromhex(leaf) for leaf in fields["leaves"]]), data)

    def checkpoint(self, v, data, fields):
        self.equal(read_checkpoint(data, bytes.fromhex(v["key"])), fields)

    def packed_payload(self, v, data, fields):
        self.equal(unpack(data).hex(), fields["clear"])

    def batch_on_the_wire(self, v, data, fields):
        need(data[0] == 1, "version")
        r = Reader(data[1:])
        size = r.varint()
        self.equal(read_stored_frame(r.raw(r.left()), size).hex(), fields["clear"])

    def digest(self, v, data, fields):
        self.equal(digest_bytes(fields["members"]), data)

    def rebuilt(self, fields):
        """Every run's headers are the vectors' headers, and its signed heads stand over them."""
        genesis = {
            sha(bytes.fromhex(v["hex"]))[:16].hex(): v["fields"] for v in self.vectors if v["kind"] == "genesis"
        }
        for run in fields["runs"]:
            of_log, previous, hashes = genesis[run["log"]], bytes.fromhex(run["previous"]), {}
            for sequence, change in enumerate(run["changes"], run["first"]):
                previous = sha(rebuild_header(of_log, run, change, sequence, previous))
                hashes[sequence] = previous
                need(previous.hex() in self.headers, f"header {sequence} of a run")
            for head in run["heads"]:
                message = block(b"circuit/head/1") + bytes.fromhex(of_log["court"]) + bytes.fromhex(run["log"])
                message += varint(head["sequence"]) + hashes[head["sequence"]]
                need(verify(bytes.fromhex(of_log["key"]), message, bytes.fromhex(head["signature"])), "signed head")


def main():
    default = pathlib.Path(__file__).with_name("format.jsonl")
    path = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else default
    vectors = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    checker, failed = Checker(vectors), 0
    for vector in vectors:
        try:
            checker.check(vector)
        except (Refused, ValueError, KeyError) as error:
            failed += 1
            print(f"{vector['kind']}: {vector['name']}: {error}", file=sys.stderr)
    print(f"{len(vectors) - failed} of {len(vectors)} vectors hold")
    return 1 if failed or not vectors else 0


if __name__ == "__main__":
    sys.exit(main())
