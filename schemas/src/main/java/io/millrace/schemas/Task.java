package io.millrace.schemas;

import org.jspecify.annotations.Nullable;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A task as every service knows it.
 *
 * @param name key of its records on every topic; lower-case letters, digits, {@code -} and {@code _}, at most 64
 * @param kind what an example is made of and what is learned from it
 * @param labels the label names in the order of the model's logits, without repeats: none for regression, otherwise at
 *     least two, or those to start with (even none) if new labels grow the head
 * @param newLabels what happens to a label that the task does not know
 * @param maxLabels the most labels that the head may grow to
 * @param tolerance regression only: a prediction counts as right if it differs by at most this from the label
 * @param maxTextChars longest {@code text} or {@code textPair} accepted, in UTF-16 units
 */
public record Task(
        String name,
        TaskKind kind,
        List<String> labels,
        NewLabels newLabels,
        int maxLabels,
        double tolerance,
        int maxTextChars) {

    /** Pattern of task names: a name becomes a directory, a transactional id and a metric tag. */
    public static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9_-]{0,63}");

    /** The default of {@code maxLabels}, unless a task starts with more labels. */
    public static final int DEFAULT_MAX_LABELS = 1000;

    /** The default of {@code tolerance}. */
    public static final double DEFAULT_TOLERANCE = 0.5;

    public Task {
        if (name == null || !NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("task name must match " + NAME + ", got \"" + name + "\"");
        }
        if (kind == null) {
            throw refused(name, "kind must be single, pair, regression or pair-regression, got none");
        }
        if (newLabels == null) {
            throw refused(name, "newLabels must be reject or grow, got none");
        }
        labels = distinct(name, labels == null ? List.of() : labels);
        if (kind.isRegression()) {
            checkRegression(name, labels, newLabels);
        } else {
            checkClasses(name, labels, newLabels, maxLabels);
        }
        if (!(tolerance > 0) || !Double.isFinite(tolerance)) {
            throw refused(name, "tolerance must be a finite number above 0, got " + tolerance);
        }
        if (maxTextChars < 1) {
            throw refused(name, "maxTextChars must be at least 1, got " + maxTextChars);
        }
    }

    /** A task that accepts no new labels. */
    public Task(String name, TaskKind kind, List<String> labels, int maxTextChars) {
        this(name, kind, labels, NewLabels.REJECT, defaultMaxLabels(labels), DEFAULT_TOLERANCE, maxTextChars);
    }

    /** {@code maxLabels} of a task that names none: the default, or all of {@code labels} if they are more. */
    public static int defaultMaxLabels(@Nullable List<String> labels) {
        return labels == null ? DEFAULT_MAX_LABELS : Math.max(DEFAULT_MAX_LABELS, labels.size());
    }

    private static List<String> distinct(String name, List<String> labels) {
        if (labels.stream().anyMatch(label -> label == null || label.isBlank())) {
            throw refused(name, "labels must not hold a blank label, got " + labels);
        }
        if (new LinkedHashSet<>(labels).size() != labels.size()) {
            throw refused(name, "labels must not repeat a label, got " + labels);
        }
        return List.copyOf(labels);
    }

    private static void checkRegression(String name, List<String> labels, NewLabels newLabels) {
        if (!labels.isEmpty()) {
            throw refused(
                    name,
                    "labels must be empty, because the label of a regression task is a number, got " + labels
                            + ". Leave labels out, or set kind to single or pair.");
        }
        if (newLabels != NewLabels.REJECT) {
            throw refused(
                    name, "newLabels must be reject, because a regression task has no labels, got grow. Leave it out.");
        }
    }

    private static void checkClasses(String name, List<String> labels, NewLabels newLabels, int maxLabels) {
        if (newLabels == NewLabels.REJECT && labels.size() < 2) {
            throw refused(
                    name,
                    "labels must name at least two labels, because a model over one label learns nothing, got " + labels
                            + ". Name every label, or set newLabels to grow.");
        }
        if (maxLabels < Math.max(2, labels.size())) {
            throw refused(
                    name,
                    "maxLabels must be at least " + Math.max(2, labels.size()) + " with " + labels.size()
                            + " labels to start with, got " + maxLabels);
        }
    }

    private static IllegalArgumentException refused(String name, String rule) {
        return new IllegalArgumentException("tasks." + name + "." + rule);
    }
}
