package io.millrace.ingest.file;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.schemas.json.Json;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Whatever texts a table holds, it gives the JSON that a program would have written, or it says why not. */
class TableLinesPropertyTest {

    @Property(seed = "1", tries = 100)
    void shouldGiveBackEveryTextThatIsQuoted(@ForAll("texts") List<String> texts) throws IOException {
        // Given
        StringBuilder table = new StringBuilder("text,id,label\r\n");
        List<JsonNode> expected = new ArrayList<>();
        for (int i = 0; i < texts.size(); i++) {
            String text = texts.get(i);
            table.append(quoted(text)).append(',').append(i).append(",good\r\n");
            ObjectNode example = Json.mapper().createObjectNode().put("id", String.valueOf(i));
            expected.add(example.put("text", text).put("label", "good"));
        }

        // When
        List<String> lines = Tables.read(Tables.csv(table.toString()));

        // Then
        assertThat(lines).isEqualTo(expected.stream().map(JsonNode::toString).toList());
    }

    @Property(seed = "1", tries = 100)
    void shouldSayWhatIsWrongWithAnyBytes(@ForAll("bytes") byte[] rows) throws IOException {
        // Given
        byte[] header = "id,text,label\n".getBytes(UTF_8);
        byte[] table = new byte[header.length + rows.length];
        System.arraycopy(header, 0, table, 0, header.length);
        System.arraycopy(rows, 0, table, header.length, rows.length);

        // When
        List<String> lines;
        try {
            lines = Tables.read(Tables.open(table, FileFormat.CSV, Tables.DEFAULT));
        } catch (IllegalArgumentException e) {
            lines = List.of(e.getMessage());
        }

        // Then
        assertThat(lines).isNotEmpty().allMatch(line -> line.startsWith("{") || line.startsWith("films.csv"));
    }

    private static String quoted(String field) {
        return '"' + field.replace("\"", "\"\"") + '"';
    }

    @Provide
    Arbitrary<List<String>> texts() {
        return Arbitraries.oneOf(
                        Arbitraries.of(
                                "\"", "\"\"", ",", "\n", "\r", "\r\n", "\t", " ", "\\", "\uFEFF", "\u0000", "é", "🎬"),
                        Arbitraries.strings().alpha().ofMaxLength(3))
                .list()
                .ofMaxSize(12)
                .map(parts -> "x" + String.join("", parts))
                .list()
                .ofMinSize(1)
                .ofMaxSize(6);
    }

    @Provide
    Arbitrary<byte[]> bytes() {
        return Arbitraries.oneOf(
                        Arbitraries.of((byte) '"', (byte) ',', (byte) '\n', (byte) '\r', (byte) 'a', (byte) ' '),
                        Arbitraries.bytes())
                .array(byte[].class)
                .ofMaxSize(40);
    }
}
