package io.millrace.ingest.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.schemas.NamedPipe;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
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
        byte[] packed = gzipped(out -> out.write(bytes("a\nb\n")));

        // When
        List<String> lines = read(packed);

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

    @Test
    void shouldReadAPipeOnce(@TempDir Path folder) throws Exception {
        // Given
        Path pipe = NamedPipe.holding(folder.resolve("pipe"), "a\nb\n");

        // When
        List<String> lines = read(ByteLines.of(pipe));

        // Then
        assertThat(lines).containsExactly("a", "b");
    }

    @Test
    void shouldSayThatADirectoryIsNoFile(@TempDir Path folder) {
        assertThatThrownBy(() -> ByteLines.of(folder))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("cannot read " + folder + ": it is a directory. Give a file.");
    }

    @Test
    void shouldPassOverAByteOrderMarkAtTheBeginningAlone() throws IOException {
        assertThat(read(bytes("\uFEFFa\n\uFEFFb\n"))).containsExactly("a", "\uFEFFb");
        assertThat(read(gzipped(out -> out.write(bytes("\uFEFFa\n"))))).containsExactly("a");
        assertThat(read(new byte[] {(byte) 0xef, (byte) 0xbb, 'a'})).hasSize(1);
    }

    @Test
    void shouldRefuseALineThatIsLongerThanAnyRecord() throws IOException {
        // Given 64 MiB of zeros
        byte[] bomb = gzipped(out -> {
            out.write(bytes("a\n"));
            byte[] zeros = new byte[1 << 20];
            for (int i = 0; i < 64; i++) {
                out.write(zeros);
            }
        });

        // When / Then
        try (ByteLines lines = ByteLines.of("bomb.gz", new ByteArrayInputStream(bomb))) {
            assertThat(lines.next()).containsExactly('a');
            assertThatThrownBy(lines::next)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("bomb.gz line 2 is longer than 16777216 bytes. Is this a file of JSON lines?");
        }
    }

    @Test
    void shouldReadHoweverManyLinesOneByOne() throws IOException {
        // Given a small file of very many lines
        byte[] bomb = gzipped(out -> {
            byte[] lines = bytes("a\n\n".repeat(1 << 16));
            for (int i = 0; i < 16; i++) {
                out.write(lines);
            }
        });

        // When
        long count = 0;
        try (ByteLines lines = ByteLines.of("bomb.gz", new ByteArrayInputStream(bomb))) {
            while (lines.next() != null) {
                count++;
            }

            // Then
            assertThat(count).isEqualTo(1 << 20);
            assertThat(lines.lineNumber()).isGreaterThan(2L << 20);
        }
    }

    @Test
    void shouldSayWhereAGzippedFileIsDamaged() throws IOException {
        // Given
        byte[] whole = gzipped(out -> out.write(bytes("a\n".repeat(100_000))));
        byte[] cut = Arrays.copyOf(whole, whole.length / 2);
        byte[] flipped = whole.clone();
        flipped[whole.length - 8] ^= 1;

        // When / Then
        assertThatThrownBy(() -> read(cut))
                .isInstanceOf(IOException.class)
                .hasMessageMatching("cannot read test line \\d+: Unexpected end of ZLIB input stream");
        assertThatThrownBy(() -> read(flipped))
                .isInstanceOf(IOException.class)
                .hasMessage("cannot read test line 100001: Corrupt GZIP trailer");
    }

    @Test
    void shouldSayWhichFileOnlyBeginsLikeAGzippedOne() {
        // Given
        AtomicBoolean closed = new AtomicBoolean();
        InputStream in = new ByteArrayInputStream(new byte[] {0x1f, (byte) 0x8b, 'x', 'y'}) {
            @Override
            public void close() {
                closed.set(true);
            }
        };

        // When / Then
        assertThatThrownBy(() -> ByteLines.of("test", in))
                .isInstanceOf(IOException.class)
                .hasMessage("cannot read test: Unsupported compression method");
        assertThat(closed).isTrue();
    }

    /** What is written to a stream. */
    private interface Content {
        void to(OutputStream out) throws IOException;
    }

    private static byte[] gzipped(Content content) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            content.to(gzip);
        }
        return packed.toByteArray();
    }

    private static List<String> read(byte[] content) throws IOException {
        return read(ByteLines.of("test", new ByteArrayInputStream(content)));
    }

    private static List<String> read(ByteLines all) throws IOException {
        List<String> read = new ArrayList<>();
        try (ByteLines lines = all) {
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
