package io.millrace.app.init;

import io.millrace.ingest.file.ExampleField;

import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Finds the columns of an example by the names that people give them. */
public final class ColumnGuess {

    /** Usual names, without case and punctuation; the first that is there counts. */
    private static final Map<ExampleField, List<String>> USUAL = Map.of(
            ExampleField.ID,
            List.of("id", "uid", "uuid", "guid", "key", "number", "nr", "index", "idx"),
            ExampleField.TEXT,
            List.of(
                    "text",
                    "sentence",
                    "body",
                    "message",
                    "content",
                    "utterance",
                    "query",
                    "question",
                    "review",
                    "comment",
                    "description",
                    "title",
                    "subject",
                    "premise",
                    "sentence1",
                    "text1",
                    "question1"),
            ExampleField.TEXT_PAIR,
            List.of("textpair", "hypothesis", "sentence2", "text2", "question2"),
            ExampleField.LABEL,
            List.of(
                    "label",
                    "labels",
                    "category",
                    "class",
                    "intent",
                    "topic",
                    "tag",
                    "sentiment",
                    "rating",
                    "score",
                    "target",
                    "gold",
                    "goldlabel"));

    private ColumnGuess() {}

    /**
     * The columns: those that were named, and for the other fields a usual name that is there.
     *
     * @param columns the header
     * @param named columns that the user has named
     */
    public static Map<ExampleField, String> of(List<String> columns, Map<ExampleField, String> named) {
        Map<ExampleField, String> guessed = new EnumMap<>(named);
        for (ExampleField field : ExampleField.values()) {
            if (!guessed.containsKey(field)) {
                find(columns, field, guessed).ifPresent(column -> guessed.put(field, column));
            }
        }
        return guessed;
    }

    private static Optional<String> find(List<String> columns, ExampleField field, Map<ExampleField, String> taken) {
        for (String usual : USUAL.getOrDefault(field, List.of())) {
            for (String column : columns) {
                if (plain(column).equals(usual) && !taken.containsValue(column)) {
                    return Optional.of(column);
                }
            }
        }
        return field == ExampleField.ID
                ? columns.stream()
                        .filter(column -> plain(column).endsWith("id") && !taken.containsValue(column))
                        .findFirst()
                : Optional.empty();
    }

    private static String plain(String name) {
        return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
    }
}
