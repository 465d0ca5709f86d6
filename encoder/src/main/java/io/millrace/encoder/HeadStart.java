package io.millrace.encoder;

import io.millrace.encoder.config.OutputHead;
import io.millrace.schemas.text.LogSafe;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The rows of a checkpoint's head that a task's head starts with. Rows are matched by the names of their labels, in any order.
 *
 * @param head the task's
 * @param rows for rows of the task's head, the row of the checkpoint's head to copy; the other rows start fresh
 * @param notice a sentence for the user; absent if every row is matched by name
 */
public record HeadStart(OutputHead head, Map<Integer, Integer> rows, Optional<String> notice) {

    private static final int MOST_NAME_CHARS = 300;

    public HeadStart {
        rows = Map.copyOf(rows);
    }

    /**
     * Compares a task's head with that of a checkpoint.
     *
     * @param stored the head of the checkpoint, if it has one
     */
    static HeadStart of(OutputHead head, Optional<OutputHead> stored) {
        if (head.kind() == OutputHead.Kind.NONE) {
            return new HeadStart(head, Map.of(), Optional.empty());
        }
        if (stored.isEmpty()) {
            return fresh(head, "the checkpoint has none for a task");
        }
        OutputHead old = stored.get();
        if (old.kind() != head.kind()) {
            return fresh(head, "the checkpoint's gives " + given(old) + ", the task asks for " + given(head));
        }
        if (head.kind() == OutputHead.Kind.SCORE) {
            return new HeadStart(head, Map.of(0, 0), Optional.empty());
        }
        return byName(head, old);
    }

    private static HeadStart byName(OutputHead head, OutputHead old) {
        Map<Integer, Integer> rows = new LinkedHashMap<>();
        List<String> labels = head.labels();
        for (int row = 0; row < labels.size(); row++) {
            if (old.labels().contains(labels.get(row))) {
                rows.put(row, old.labels().indexOf(labels.get(row)));
            }
        }
        if (rows.size() == labels.size()) {
            return new HeadStart(head, rows, Optional.empty());
        }
        if (!rows.isEmpty()) {
            List<String> missing = labels.stream()
                    .filter(label -> !old.labels().contains(label))
                    .toList();
            return new HeadStart(
                    head,
                    rows,
                    Optional.of("the head starts with " + rows.size() + " of its " + labels.size()
                            + " labels from the checkpoint, by name. These start fresh: " + names(missing)));
        }
        if (old.hasDefaultNames() && old.labels().size() == labels.size()) {
            for (int row = 0; row < labels.size(); row++) {
                rows.put(row, row);
            }
            return new HeadStart(
                    head,
                    rows,
                    Optional.of("the checkpoint's labels have no names of their own (" + names(old.labels())
                            + "): its head serves for the task's labels in their order, " + names(labels)));
        }
        return fresh(
                head,
                "none of the task's labels (" + names(labels) + ") is among the checkpoint's (" + names(old.labels())
                        + ")");
    }

    private static HeadStart fresh(OutputHead head, String why) {
        return new HeadStart(head, Map.of(), Optional.of("the whole head starts fresh: " + why));
    }

    private static String given(OutputHead head) {
        return switch (head.kind()) {
            case CLASSES -> "one label of several";
            case MULTI_LABEL -> "any number of labels";
            case SCORE -> "a number";
            case NONE -> "nothing";
        };
    }

    private static String names(List<String> labels) {
        return LogSafe.line(String.join(", ", labels), MOST_NAME_CHARS);
    }

    /** Whether the checkpoint's head is used unchanged, row for row. */
    boolean isWhole(int storedRows) {
        return rows.size() == head.outputs()
                && storedRows == head.outputs()
                && rows.entrySet().stream().allMatch(row -> row.getKey().equals(row.getValue()));
    }
}
