package io.millrace.encoder.config;

import java.util.List;
import java.util.stream.IntStream;

/**
 * The head on top of an encoder.
 *
 * @param kind kind of its outputs
 * @param labels names of the classes in the order of the logits; empty unless it gives classes or labels
 */
public record OutputHead(Kind kind, List<String> labels) {

    /** Kinds of outputs. */
    public enum Kind {
        /** One logit per class, of which one holds. */
        CLASSES,
        /** One logit per label, of which any number hold. Such a head predicts; no task trains one. */
        MULTI_LABEL,
        /** One number. */
        SCORE,
        /** Nothing: only the encoder, as in pre-training. */
        NONE
    }

    public OutputHead {
        labels = List.copyOf(labels);
    }

    /** A classifier over {@code labels}. */
    public static OutputHead classes(List<String> labels) {
        return new OutputHead(Kind.CLASSES, labels);
    }

    /** Labels of which any number hold. */
    public static OutputHead multiLabel(List<String> labels) {
        return new OutputHead(Kind.MULTI_LABEL, labels);
    }

    /** The names that transformers gives to unnamed labels. */
    public static List<String> defaultNames(int count) {
        return IntStream.range(0, count).mapToObj(i -> "LABEL_" + i).toList();
    }

    /** Whether the labels have names of their own. */
    public boolean hasDefaultNames() {
        return labels.equals(defaultNames(labels.size()));
    }

    /** A regression head. */
    public static OutputHead score() {
        return new OutputHead(Kind.SCORE, List.of());
    }

    /** No head. */
    public static OutputHead none() {
        return new OutputHead(Kind.NONE, List.of());
    }

    /** Number of logits. */
    public int outputs() {
        return labels.isEmpty() ? 1 : labels.size();
    }
}
