package io.millrace.app.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.ingest.file.DataFile;
import io.millrace.ingest.file.Delimiter;
import io.millrace.ingest.file.ExampleField;
import io.millrace.ingest.file.FileFormat;
import io.millrace.ingest.file.LineFault;
import io.millrace.ingest.file.LineSource;
import io.millrace.ingest.file.TableColumns;
import io.millrace.schemas.json.Json;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A table of examples: the first byte chooses between commas, tabs and semicolons, the rest is the file. */
final class TableTarget implements FuzzTarget {

    private static final TableColumns COLUMNS =
            TableColumns.ofExamples(Map.of(ExampleField.TEXT, "body"), List.of("shop"));

    private static final List<String> TABLES = List.of(
            "id,body,label,shop\n1,a text,translate,X\n2,\"a \"\"long\"\",\r\ntext\",transfer,\n",
            "\uFEFF\"shop\",\"label\",\"body\",\"id\",\"textPair\"\r\n\"X\",\"b\",\"Caf\u00E9 \uD83D\uDE00\",\"3\",\"\"\r\n\r\n");

    @Override
    public List<byte[]> seeds() {
        List<byte[]> seeds = new ArrayList<>();
        for (String table : TABLES) {
            seeds.add(bytes("\0" + table));
            seeds.add(bytes("\1" + table.replace(",", "\t")));
            seeds.add(bytes("\2" + table.replace(",", ";")));
        }
        return seeds;
    }

    @Override
    public boolean accepts(byte[] input) {
        if (input.length == 0) {
            return false;
        }
        FileFormat format = (input[0] & 1) == 0 ? FileFormat.CSV : FileFormat.TSV;
        Delimiter delimiter = (input[0] & 2) == 0 ? null : Delimiter.SEMICOLON;
        InputStream file = new ByteArrayInputStream(input, 1, input.length - 1);
        try (LineSource lines = new DataFile("table", format, delimiter, COLUMNS).lines(file)) {
            for (byte[] line = lines.next(); line != null; line = lines.next()) {
                check(line, lines);
            }
            return true;
        } catch (IllegalArgumentException | IOException e) {
            assertThat(e.getMessage())
                    .matches("(?s)(cannot read )?table( row \\d+)?( is longer than | has more than |: ).*")
                    .hasSizeLessThan(1000)
                    .doesNotContainPattern(DECEPTIVE);
            return false;
        }
    }

    /** A row is an object of texts, or it says why not. */
    private static void check(byte[] line, LineSource lines) throws IOException {
        assertThat(lines.position()).matches("table row [1-9]\\d*");
        if (lines.fault().isEmpty()) {
            assertThat(Json.mapper().readTree(line).isObject()).isTrue();
        } else {
            assertThat(line).isEmpty();
            assertThat(lines.fault().map(LineFault::detail).orElseThrow()).startsWith("expected ");
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
