package io.millrace.local.produce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;

class ByteLinesTest {

    @Test
    void shouldEndLinesAtLfAndCrLfAndTheEnd() throws IOException {
        assertThat(read(bytes("a\nb\r\nc"))).containsExactly("a", "b", "c");
    }

    @Test
    void shouldKeepACarriageReturnInsideALine() throws IOException {
        assertThat(read(bytes("a\rb\n"))).containsExactly("a\rb");
    }

    @Test
    void shouldPassOverEmptyLines() throws IOException {
        assertThat(read(bytes("\n\na\n\r\nb\n"))).containsExactly("a", "b");
    }

    @Test
    void shouldGiveNothingOfAnEmptyInput() throws IOException {
        assertThat(read(new byte[0])).isEmpty();
    }

    @Test
    void shouldKeepBytesThatAreNotUtf8() throws IOException {
        // Given
        byte[] invalid = {'a', (byte) 0xff, (byte) 0xfe, '\n'};

        // When
        byte[] line = ByteLines.of("test", new ByteArrayInputStream(invalid)).next();

        // Then
        assertThat(line).containsExactly('a', 0xff, 0xfe);
    }

    @Test
    void shouldRecogniseGzipByItsContent() throws IOException {
        // Given
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(bytes("a\nb\n"));
        }

        // When
        List<String> lines = read(packed.toByteArray());

        // Then
        assertThat(lines).containsExactly("a", "b");
    }

    @Test
    void shouldCountEmptyLinesInThePosition() throws IOException {
        // Given
        ByteLines lines = ByteLines.of("file.jsonl", new ByteArrayInputStream(bytes("\na\n\nb\n")));
        lines.next();

        // When
        lines.next();

        // Then
        assertThat(lines.position()).isEqualTo("file.jsonl line 4");
    }

    @Test
    void shouldNameTheFileThatIsNotThere() {
        // Given
        Path missing = Path.of("nowhere.jsonl");

        // When
        var thrown = assertThatThrownBy(() -> ByteLines.of(missing));

        // Then
        thrown.hasMessage("cannot read nowhere.jsonl: there is no such file.");
    }

    private static List<String> read(byte[] content) throws IOException {
        List<String> read = new ArrayList<>();
        try (ByteLines lines = ByteLines.of("test", new ByteArrayInputStream(content))) {
            for (byte[] line = lines.next(); line != null; line = lines.next()) {
                read.add(new String(line, StandardCharsets.UTF_8));
            }
        }
        return read;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
