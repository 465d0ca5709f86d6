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
 * Parsers of JSON in UTF-8 that depend on nothing but the bytes. Jackson's own take UTF-16 and UTF-32 as well, and keep
 * the names of properties in a table from one document to the next: names chosen to collide in it make it refuse, or
 * break on, documents that come later. Then a record could be good in one process and malformed in another.
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
