package io.millrace.ingest.decode;

import io.millrace.schemas.RejectionReason;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Avro's binary encoding of simple values. Nothing is allocated before it is certain that the bytes are there: a length in a
 * hostile record may be anything.
 */
final class AvroBytes {

    private static final int MAX_VARINT_BYTES = 10;

    private final ByteBuffer bytes;

    AvroBytes(ByteBuffer bytes) {
        this.bytes = bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    }

    /** A whole number in zigzag encoding, lowest seven bits first. */
    long readLong() throws UndecodableException {
        long raw = 0;
        for (int i = 0; i < MAX_VARINT_BYTES; i++) {
            int next = readByte();
            raw |= (next & 0x7FL) << (7 * i);
            if ((next & 0x80) == 0) {
                return (raw >>> 1) ^ -(raw & 1);
            }
        }
        throw fault("a number of at most " + MAX_VARINT_BYTES + " bytes", "a longer one");
    }

    int readInt() throws UndecodableException {
        long value = readLong();
        if (value != (int) value) {
            throw fault("a number of 32 bits", Long.toString(value));
        }
        return (int) value;
    }

    boolean readBoolean() throws UndecodableException {
        int value = readByte();
        if (value != 0 && value != 1) {
            throw fault("0 or 1 for a boolean", Integer.toString(value));
        }
        return value == 1;
    }

    float readFloat() throws UndecodableException {
        require(Float.BYTES);
        return bytes.getFloat();
    }

    double readDouble() throws UndecodableException {
        require(Double.BYTES);
        return bytes.getDouble();
    }

    /** Bytes behind their number. */
    byte[] readBytes() throws UndecodableException {
        return read(readLong());
    }

    byte[] read(long count) throws UndecodableException {
        require(count);
        byte[] read = new byte[(int) count];
        bytes.get(read);
        return read;
    }

    String readString() throws UndecodableException {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(readBytes()))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new UndecodableException(
                    RejectionReason.INVALID_UTF8, "value: expected strings in UTF-8, got a malformed byte sequence");
        }
    }

    int remaining() {
        return bytes.remaining();
    }

    private int readByte() throws UndecodableException {
        require(1);
        return bytes.get() & 0xFF;
    }

    private void require(long count) throws UndecodableException {
        if (count < 0 || count > bytes.remaining()) {
            throw fault(count + " more bytes", Integer.toString(bytes.remaining()));
        }
    }

    static UndecodableException fault(String expected, String got) {
        return new UndecodableException(
                RejectionReason.UNDECODABLE, "value: expected " + expected + " as its schema says, got " + got);
    }
}
