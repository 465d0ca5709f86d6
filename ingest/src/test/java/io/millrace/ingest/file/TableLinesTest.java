package io.millrace.ingest.file;

import static io.millrace.ingest.file.Tables.csv;
import static io.millrace.ingest.file.Tables.open;
import static io.millrace.ingest.file.Tables.read;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.schemas.Task;
import io.millrace.schemas.TaskKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.zip.GZIPOutputStream;

/** Tables as people and spreadsheets write them. */
class TableLinesTest {

    private static final Task MOOD = new Task("mood", TaskKind.SINGLE, List.of("bad", "good"), 100);
    private static final String HEADER = "id,text,label\n";
    private static final String FILM = "{\"id\":\"1\",\"text\":\"a film\",\"label\":\"good\"}";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "id,text,label\n1,a film,good\n",
                "id,text,label\r\n1,a film,good\r\n",
                "id,text,label\r1,a film,good\r",
                "id,text,label\n1,a film,good",
                "\uFEFFid,text,label\n1,a film,good\n",
                "\uFEFF\"id\",\"text\",\"label\"\n\"1\",\"a film\",\"good\"\n",
                "\n\r\n\nid,text,label\n\n\r\n1,a film,good\n\n,,\n,\n",
                "label,text,id\ngood,a film,1\n",
                "id,text,label,textPair\n1,a film,good,\n",
                "id, text ,label ,year,note\n1,a film,good,1999,\"\"\n"
            })
    void shouldReadTheSameFromEveryDialect(String table) throws IOException {
        assertThat(read(csv(table))).containsExactly(FILM);
    }

    @Test
    void shouldReadTabsAndGzip() throws IOException {
        // Given
        byte[] table = "id\ttext\tlabel\n1\ta, film\tgood\n".getBytes(UTF_8);
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            out.write(table);
        }

        // When / Then
        assertThat(read(open(table, FileFormat.TSV, Tables.DEFAULT)))
                .containsExactly(FILM.replace("a film", "a, film"))
                .isEqualTo(read(open(packed.toByteArray(), FileFormat.TSV, Tables.DEFAULT)));
    }

    @Test
    void shouldTakeAFieldWithQuotesDelimitersAndLineEndsAsTheSameExampleInJson() throws IOException {
        // Given
        String table = HEADER + "\"1\",\"Ça, \"\"vraiment\"\" :\r\n\tun \\film 🎬\u2028\",good\n";
        byte[] json =
                "{\"id\": \"1\", \"text\": \"Ça, \\\"vraiment\\\" :\\r\\n\\tun \\\\film 🎬\u2028\", \"label\": \"good\"}"
                        .getBytes(UTF_8);

        // When
        byte[] row = csv(table).next();

        // Then
        assertThat(ExampleLine.parse(row, MOOD, "row")).isEqualTo(ExampleLine.parse(json, MOOD, "line"));
        assertThat(row)
                .asString(UTF_8)
                .isEqualTo(new String(json, UTF_8).replace("\": \"", "\":\"").replace("\", \"", "\",\""));
    }

    @Test
    void shouldReadTheColumnsThatAreNamed() throws IOException {
        // Given
        TableColumns columns = TableColumns.ofExamples(
                Map.of(
                        ExampleField.ID, "ticket",
                        ExampleField.TEXT, "body",
                        ExampleField.TEXT_PAIR, "answer",
                        ExampleField.LABEL, "category"),
                List.of("shop", "year"));

        // When
        List<String> lines = read(csv("shop,text,body,year,ticket,answer,category\nX,no,a,,7,b,good\n", columns));

        // Then
        assertThat(lines)
                .containsExactly("{\"id\":\"7\",\"text\":\"a\",\"textPair\":\"b\",\"label\":\"good\","
                        + "\"attributes\":{\"shop\":\"X\"}}");
        assertThat(read(csv("id,text\n1,a\n", TableColumns.ofTexts(Map.of()))))
                .containsExactly("{\"id\":\"1\",\"text\":\"a\"}");
    }

    @Test
    void shouldGoOnAfterARowThatIsNoExample() throws IOException {
        // Given a row too short, one too long, and one in Latin-1
        byte[] table = (HEADER + "1,a\n\n2,a,b,good\n3,\u00e9t\u00e9,good\n1,a film,good\n")
                .getBytes(StandardCharsets.ISO_8859_1);

        // When
        List<String> lines = read(open(table, FileFormat.CSV, Tables.DEFAULT));

        // Then
        String advice = ". Quote fields that hold a delimiter or a line end";
        assertThat(lines)
                .containsExactly(
                        "films.csv row 2: wrong-fields: expected 3 fields as in the header, got 2" + advice,
                        "films.csv row 4: wrong-fields: expected 3 fields as in the header, got 4" + advice,
                        "films.csv row 5: invalid-utf8: expected UTF-8, got a malformed byte sequence. Save the file as UTF-8",
                        FILM);
    }

    @Test
    void shouldCountRowsAsASpreadsheetDoes() throws IOException {
        // Given
        LineSource lines = csv(HEADER + "\"1\",\"two\nlines\",good\n\n2,a,good\n");

        // When
        lines.next();
        String first = lines.position();
        lines.next();

        // Then
        assertThat(first).isEqualTo("films.csv row 2");
        assertThat(lines.position()).isEqualTo("films.csv row 4");
    }

    @Test
    void shouldSayThatAColumnIsMissing() {
        assertThatThrownBy(() -> csv("id,body,label\n1,a,good\n"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "films.csv: expected a column \"text\", got a header with \"id\", \"body\", \"label\". Name the"
                                + " column with --text NAME.");
        assertThatThrownBy(() -> csv(HEADER, TableColumns.ofExamples(Map.of(ExampleField.TEXT_PAIR, "b"), List.of())))
                .hasMessageContaining("expected a column \"b\"")
                .hasMessageContaining("--text-pair NAME");
        assertThatThrownBy(() -> csv(HEADER, TableColumns.ofExamples(Map.of(), List.of("shop"))))
                .hasMessageContaining("expected a column \"shop\"")
                .hasMessageContaining("--attribute NAME");
        assertThatThrownBy(() -> csv("id,text,text,label\n"))
                .hasMessageContaining("expected one column \"text\", got several");
        assertThatThrownBy(() -> csv("id,\u202Etext,label\n")).hasMessageContaining("\"\\u202Etext\"");
    }

    @Test
    void shouldSayThatTheDelimiterIsAnother() {
        assertThatThrownBy(() -> csv("id\ttext\tlabel\n1\ta\tgood\n"))
                .hasMessage(
                        "films.csv: expected columns separated by commas, got a header with one column,"
                                + " \"id\\u0009text\\u0009label\". This looks like columns separated by tabs: give --format tsv.");
        assertThatThrownBy(() -> open(HEADER.getBytes(UTF_8), FileFormat.TSV, Tables.DEFAULT))
                .hasMessageEndingWith("This looks like columns separated by commas: give --format csv.");
        assertThatThrownBy(() -> csv("id;text;label\n1;a;good\n"))
                .hasMessageEndingWith("\"id;text;label\". This looks like columns separated by semicolons: give"
                        + " --delimiter ';'.");
        assertThatThrownBy(() -> semicolons("id,text,label\n1,a,good\n"))
                .hasMessageEndingWith("This looks like columns separated by commas: give --delimiter comma.");
        assertThatThrownBy(() -> csv("id^text^label\n1^a^good\n"))
                .hasMessageEndingWith("\"id^text^label\". Save the table with commas (--format csv) or tabs (--format"
                        + " tsv), or name its delimiter with --delimiter; JSON lines are --format jsonl.");
        assertThatThrownBy(() -> open(FILM.getBytes(UTF_8), FileFormat.TSV, Tables.DEFAULT))
                .hasMessageEndingWith("This looks like JSON lines: give --format jsonl.");
    }

    @Test
    void shouldReadColumnsSeparatedBySemicolons() throws IOException {
        assertThat(read(semicolons("id;text;label\r\n1;\"a; \nb\";\"1,5\"\r\n")))
                .containsExactly("{\"id\":\"1\",\"text\":\"a; \\nb\",\"label\":\"1,5\"}");
    }

    private static LineSource semicolons(String table) throws IOException {
        return new DataFile("films.csv", FileFormat.CSV, Delimiter.SEMICOLON, Tables.DEFAULT)
                .lines(new ByteArrayInputStream(table.getBytes(UTF_8)));
    }

    @Test
    void shouldRefuseATableOfNothing() throws IOException {
        assertThatThrownBy(() -> csv("\n\r\n"))
                .hasMessage("films.csv: expected a header with the names of the columns, got an empty file.");
        LineSource lines = csv(HEADER + "\n,,\n");
        assertThatThrownBy(lines::next).hasMessage("films.csv: expected rows after the header, got none.");
    }

    @Test
    void shouldRefuseAHeaderThatIsNotUtf8AndCloseTheFile() {
        // Given UTF-16, as a spreadsheet's "Unicode text" is
        AtomicBoolean closed = new AtomicBoolean();
        InputStream in = new ByteArrayInputStream("\uFEFFid\ttext\tlabel\n".getBytes(StandardCharsets.UTF_16LE)) {
            @Override
            public void close() {
                closed.set(true);
            }
        };

        // When / Then
        assertThatThrownBy(() -> FileFormat.TSV.open("films.txt", in, Tables.DEFAULT))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("films.txt: expected a header in UTF-8, got other bytes. Save the file as UTF-8.");
        assertThat(closed).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"2,\"never closed,good\n3,a,good\n", "2,\"closed\" early,good\n"})
    void shouldStopAtAQuotationMarkThatIsWrong(String rows) throws IOException {
        // Given
        LineSource lines = csv(HEADER + "1,a film,good\n" + rows);
        lines.next();

        // When / Then
        assertThatThrownBy(lines::next)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("films.csv row 3: expected a quoted field to end with a quotation mark");
    }

    @Test
    void shouldRefuseARowThatIsLongerThanAnyRecord() throws IOException {
        // Given a field that is not closed, and then very many bytes
        byte[] start = (HEADER + "1,a film,good\n2,\"").getBytes(UTF_8);
        byte[] endless = Arrays.copyOf(start, 1 << 18);
        Arrays.fill(endless, start.length, endless.length, (byte) '\n');

        // When
        LineSource lines =
                TableLines.of("films.csv", new ByteArrayInputStream(endless), Delimiter.COMMA, Tables.DEFAULT, 1 << 16);
        lines.next();

        // Then
        assertThatThrownBy(lines::next)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "films.csv row 3 is longer than 65536 bytes. Is a quotation mark missing at the end of a field?");
    }

    @Test
    void shouldRefuseARowOfMoreFieldsThanAnyTableHas() throws IOException {
        // Given
        byte[] start = (HEADER + "1,a film,good\n").getBytes(UTF_8);
        byte[] commas = Arrays.copyOf(start, 2 << 20);
        Arrays.fill(commas, start.length, commas.length, (byte) ',');

        // When
        LineSource lines = open(commas, FileFormat.CSV, Tables.DEFAULT);
        lines.next();

        // Then
        assertThatThrownBy(lines::next)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("films.csv row 3 has more than 1048576 delimiters. ");
    }

    @Test
    void shouldTakeARowOfTheGreatestLengthAndManyRowsAfterIt() throws IOException {
        // Given
        int limit = 1 << 14;
        String longest = "1," + "x".repeat(limit - 7) + ",good\n";
        byte[] table = (HEADER + longest.repeat(20)).getBytes(UTF_8);

        // When
        LineSource lines =
                TableLines.of("films.csv", new ByteArrayInputStream(table), Delimiter.COMMA, Tables.DEFAULT, limit);

        // Then
        assertThat(read(lines)).hasSize(20).allSatisfy(line -> assertThat(line).contains("\"label\":\"good\""));
    }

    @Test
    void shouldSayWhereAGzippedTableIsDamaged() throws IOException {
        // Given
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            out.write((HEADER + "1,a film,good\n".repeat(50_000)).getBytes(UTF_8));
        }
        byte[] cut = Arrays.copyOf(packed.toByteArray(), packed.size() / 2);

        // When / Then
        assertThatThrownBy(() -> read(open(cut, FileFormat.CSV, Tables.DEFAULT)))
                .isInstanceOf(IOException.class)
                .hasMessageMatching("cannot read films.csv row \\d+: Unexpected end of ZLIB input stream");
    }
}
