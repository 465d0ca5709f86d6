package io.millrace.ingest.file;

import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which columns of a table make an example. Columns that are not named here are ignored.
 *
 * @param columns the column of each field
 * @param optional fields whose column may be missing
 * @param attributes columns that become attributes of the same name
 */
public record TableColumns(Map<ExampleField, String> columns, Set<ExampleField> optional, List<String> attributes) {

    public TableColumns {
        columns = Collections.unmodifiableMap(new EnumMap<>(columns));
        optional = Set.copyOf(optional);
        attributes = List.copyOf(new LinkedHashSet<>(attributes));
    }

    /**
     * The columns of labelled examples. That of {@code textPair} is taken if it is there, and required if it is named.
     *
     * @param named columns that are not called as their field
     */
    public static TableColumns ofExamples(Map<ExampleField, String> named, List<String> attributes) {
        return new TableColumns(
                withDefaults(Set.of(ExampleField.values()), named),
                named.containsKey(ExampleField.TEXT_PAIR) ? Set.of() : Set.of(ExampleField.TEXT_PAIR),
                attributes);
    }

    /** The columns of unlabelled texts: {@code id} and {@code text}; see {@link #ofExamples}. */
    public static TableColumns ofTexts(Map<ExampleField, String> named) {
        return new TableColumns(withDefaults(Set.of(ExampleField.ID, ExampleField.TEXT), named), Set.of(), List.of());
    }

    /** The columns of examples of which a file may have no labels; see {@link #ofExamples}. */
    public static TableColumns ofProbes(Map<ExampleField, String> named, List<String> attributes) {
        TableColumns examples = ofExamples(named, attributes);
        Set<ExampleField> optional = EnumSet.of(ExampleField.LABEL);
        optional.addAll(examples.optional());
        return new TableColumns(examples.columns(), optional, attributes);
    }

    /** The columns of texts that need no id; see {@link #ofExamples}. */
    public static TableColumns ofTextsAlone(Map<ExampleField, String> named) {
        return new TableColumns(withDefaults(Set.of(ExampleField.TEXT), named), Set.of(), List.of());
    }

    private static Map<ExampleField, String> withDefaults(Set<ExampleField> fields, Map<ExampleField, String> named) {
        Map<ExampleField, String> columns = new EnumMap<>(ExampleField.class);
        fields.forEach(field -> columns.put(field, named.getOrDefault(field, field.json())));
        return columns;
    }
}
