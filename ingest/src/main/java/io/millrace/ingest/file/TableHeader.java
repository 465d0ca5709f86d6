package io.millrace.ingest.file;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.schemas.json.Json;
import io.millrace.schemas.text.LogSafe;
import org.apache.commons.csv.CSVRecord;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Where the header of a table has the fields of an example.
 *
 * @param size how many columns there are
 * @param fields the column of each field, from 0
 * @param attributes the column of each attribute, from 0
 */
record TableHeader(int size, Map<ExampleField, Integer> fields, Map<String, Integer> attributes) {

    private static final int MAX_SHOWN_CHARS = 400;

    /**
     * Finds the columns.
     *
     * @throws IllegalArgumentException if one is missing or there twice, or the table cannot have this delimiter
     */
    static TableHeader of(String file, CSVRecord row, Delimiter delimiter, TableColumns columns) {
        List<String> names = names(file, row);
        if (names.size() == 1) {
            throw new IllegalArgumentException(file + ": expected columns separated by " + delimiter.plural()
                    + ", got a header with one column, " + LogSafe.quoted(names.get(0)) + ". "
                    + advice(names.get(0), delimiter));
        }
        Map<ExampleField, Integer> fields = new EnumMap<>(ExampleField.class);
        columns.columns().forEach((field, column) -> {
            if (names.contains(column) || !columns.optional().contains(field)) {
                fields.put(field, only(column, field.option(), names, file));
            }
        });
        Map<String, Integer> attributes = new LinkedHashMap<>();
        columns.attributes().forEach(column -> attributes.put(column, only(column, "--attribute", names, file)));
        return new TableHeader(names.size(), fields, attributes);
    }

    /**
     * The example in {@code row} as JSON. An empty field is absent, as in a table nothing else can be.
     *
     * @throws CharacterCodingException if one of the fields that are read is not UTF-8
     */
    byte[] json(CSVRecord row) throws CharacterCodingException {
        ObjectNode example = Json.mapper().createObjectNode();
        for (Map.Entry<ExampleField, Integer> field : fields.entrySet()) {
            put(example, field.getKey().json(), row.get(field.getValue()));
        }
        ObjectNode named = Json.mapper().createObjectNode();
        for (Map.Entry<String, Integer> attribute : attributes.entrySet()) {
            put(named, attribute.getKey(), row.get(attribute.getValue()));
        }
        if (!named.isEmpty()) {
            example.set("attributes", named);
        }
        return Json.write(example).getBytes(StandardCharsets.UTF_8);
    }

    private static void put(ObjectNode object, String name, String field) throws CharacterCodingException {
        if (!field.isEmpty()) {
            object.put(name, decoded(field));
        }
    }

    /** The names of the columns. */
    static List<String> names(String file, CSVRecord row) {
        List<String> names = new ArrayList<>();
        for (String name : row) {
            try {
                names.add(decoded(name).strip());
            } catch (CharacterCodingException e) {
                throw new IllegalArgumentException(
                        file + ": expected a header in UTF-8, got other bytes. Save the file as UTF-8.", e);
            }
        }
        return names;
    }

    private static int only(String column, String option, List<String> names, String file) {
        int index = names.indexOf(column);
        if (index < 0) {
            throw new IllegalArgumentException(file + ": expected a column " + LogSafe.quoted(column)
                    + ", got a header with " + shown(names) + ". Name the column with " + option + " NAME.");
        }
        if (names.lastIndexOf(column) != index) {
            throw new IllegalArgumentException(file + ": expected one column " + LogSafe.quoted(column)
                    + ", got several in a header with " + shown(names) + ". Rename all but the one to read.");
        }
        return index;
    }

    private static String shown(List<String> names) {
        return LogSafe.line(names.stream().map(LogSafe::quoted).collect(Collectors.joining(", ")), MAX_SHOWN_CHARS);
    }

    private static String advice(String header, Delimiter given) {
        if (header.startsWith("{")) {
            return "This looks like JSON lines: give --format jsonl.";
        }
        for (Delimiter other : Delimiter.values()) {
            if (other != given && header.indexOf(other.character()) >= 0) {
                return "This looks like columns separated by " + other.plural() + ": give " + other.option(given) + ".";
            }
        }
        return "Save the table with commas (--format csv) or tabs (--format tsv), or name its delimiter with --delimiter;"
                + " JSON lines are --format jsonl.";
    }

    /** {@link RowBytes} gives bytes as characters. */
    private static String decoded(String bytes) throws CharacterCodingException {
        return StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(bytes.getBytes(StandardCharsets.ISO_8859_1)))
                .toString();
    }
}
