package io.millrace.schemas.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.io.IOContext;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Parsers of UTF-8 JSON whose result depends only on the bytes. Jackson's own also accept UTF-16 and UTF-32, and share a
 * table of property names between documents: names chosen to collide in it make it refuse later documents. Then a record
 * could be valid in one process and malformed in another.
 */
final class Utf8JsonFactory extends JsonFactory {

    private static final long serialVersionUID = 1L;
    private static final char BYTE_ORDER_MARK = '\uFEFF';

    Utf8JsonFactory(StreamReadConstraints constraints) {
        super(new JsonFactoryBuilder()
                .streamReadConstraints(constraints)
                .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES));
    }

    @Override
    protected JsonParser _createParser(InputStream in, IOContext context) throws IOException {
        try (in) {
            byte[] bytes = in.readAllBytes();
            return _createParser(bytes, 0, bytes.length, context);
        }
    }

    @Override
    protected JsonParser _createParser(byte[] bytes, int offset, int length, IOContext context) throws IOException {
        CharBuffer text;
        try {
            text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, offset, length));
        } catch (CharacterCodingException e) {
            throw new JsonParseException(null, "Invalid UTF-8", e);
        }
        if (text.hasRemaining() && text.get(text.position()) == BYTE_ORDER_MARK) {
            text.get();
        }
        return _createParser(
                text.array(), text.arrayOffset() + text.position(), text.remaining(), context, /* recyclable */ false);
    }
}
