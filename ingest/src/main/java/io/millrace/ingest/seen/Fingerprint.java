package io.millrace.ingest.seen;

import java.nio.ByteBuffer;
import java.util.HexFormat;

/**
 * The first 128 bits of a SHA-256: by it ids and contents are remembered. Two of 10<sup>9</sup> have the same one with a probability below
 * 10<sup>-20</sup>.
 *
 * @param high the first 64 bits
 * @param low the next 64 bits
 */
public record Fingerprint(long high, long low) implements Comparable<Fingerprint> {

    static final int BYTES = 2 * Long.BYTES;

    private static final int HEX_CHARS = 2 * BYTES;

    /** From the next {@value #BYTES} bytes. */
    static Fingerprint read(ByteBuffer from) {
        return new Fingerprint(from.getLong(), from.getLong());
    }

    /** From a SHA-256 in hexadecimal. */
    static Fingerprint ofHex(String sha256) {
        return read(ByteBuffer.wrap(HexFormat.of().parseHex(sha256, 0, HEX_CHARS)));
    }

    /** Appends {@value #BYTES} bytes. */
    void write(ByteBuffer to) {
        to.putLong(high).putLong(low);
    }

    byte[] toBytes() {
        ByteBuffer bytes = ByteBuffer.allocate(BYTES);
        write(bytes);
        return bytes.array();
    }

    /** In the order of their bytes. */
    @Override
    public int compareTo(Fingerprint other) {
        int byHigh = Long.compareUnsigned(high, other.high);
        return byHigh == 0 ? Long.compareUnsigned(low, other.low) : byHigh;
    }

    @Override
    public int hashCode() {
        return Long.hashCode(high);
    }
}
