package io.millrace.ingest.decode;

import java.nio.ByteBuffer;

/** Values in Confluent's frame. */
public final class Framed {

    private Framed() {}

    /** A zero byte, the id and what follows. */
    public static byte[] value(int id, byte[]... parts) {
        int length = 5;
        for (byte[] part : parts) {
            length += part.length;
        }
        ByteBuffer bytes = ByteBuffer.allocate(length).put((byte) 0).putInt(id);
        for (byte[] part : parts) {
            bytes.put(part);
        }
        return bytes.array();
    }
}
