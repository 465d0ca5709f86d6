package io.millrace.ingest.file;

import io.millrace.schemas.RejectionReason;
import io.millrace.schemas.json.Json;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/** One text per line, as lines of JSON. Blank lines are passed over, but counted. */
final class PlainLines implements LineSource {

    private static final byte[] NOTHING = {};

    private final ByteLines lines;
    private Optional<LineFault> fault = Optional.empty();

    private PlainLines(ByteLines lines) {
        this.lines = lines;
    }

    static PlainLines of(String name, InputStream in) throws IOException {
        return new PlainLines(ByteLines.of(name, in));
    }

    @Override
    public byte @Nullable [] next() throws IOException {
        fault = Optional.empty();
        for (byte[] line = lines.next(); line != null; line = lines.next()) {
            try {
                String text = StandardCharsets.UTF_8
                        .newDecoder()
                        .decode(ByteBuffer.wrap(line))
                        .toString();
                if (!text.isBlank()) {
                    return Json.write(Map.of("text", text)).getBytes(StandardCharsets.UTF_8);
                }
            } catch (CharacterCodingException e) {
                fault = Optional.of(LineFault.of(
                        RejectionReason.INVALID_UTF8,
                        "expected UTF-8, got a malformed byte sequence. Save the file as UTF-8"));
                return NOTHING;
            }
        }
        return null;
    }

    @Override
    public Optional<LineFault> fault() {
        return fault;
    }

    @Override
    public String position() {
        return lines.position();
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }
}
