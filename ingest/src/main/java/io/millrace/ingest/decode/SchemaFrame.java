package io.millrace.ingest.decode;

import io.millrace.schemas.RejectionReason;

import java.nio.ByteBuffer;

/**
 * Confluent's frame of a value: a zero byte, the id of the schema as four bytes, and the encoded value.
 *
 * @param schemaId id in the schema registry
 * @param body what follows, from position to limit
 */
record SchemaFrame(int schemaId, ByteBuffer body) {

    private static final int HEAD_BYTES = 5;

    static SchemaFrame of(byte[] value) throws UndecodableException {
        if (value.length < HEAD_BYTES || value[0] != 0) {
            throw new UndecodableException(
                    RejectionReason.UNDECODABLE,
                    "value: expected a zero byte and the four bytes of a schema id before the value, got "
                            + (value.length < HEAD_BYTES ? value.length + " bytes" : "a first byte " + value[0])
                            + ". Check format of the source");
        }
        ByteBuffer bytes = ByteBuffer.wrap(value);
        int id = bytes.getInt(1);
        return new SchemaFrame(id, bytes.position(HEAD_BYTES).slice());
    }
}
