package io.millrace.encoder;

import java.util.List;
import java.util.Optional;

/**
 * What stands on top of an encoder.
 *
 * @param kind what it gives
 * @param labels names of the classes in the order of the logits; empty unless it gives classes
 */
public record OutputHead(Kind kind, List<String> labels) {

    /** What a head gives. */
    public enum Kind {
        /** One logit a class. */
        CLASSES,
        /** One number. */
        SCORE,
        /** Nothing: the encoder stands alone, as in pre-training. */
        NONE
    }

    public OutputHead {
        labels = List.copyOf(labels);
    }

    /** A classifier over {@code labels}. */
    public static OutputHead classes(List<String> labels) {
        return new OutputHead(Kind.CLASSES, labels);
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
    int outputs() {
        return kind == Kind.CLASSES ? labels.size() : 1;
    }

    /**
     * Whether a stored head serves for this one.
     *
     * @param stored the stored head as its configuration describes it, if it does
     * @param rows its number of logits
     */
    boolean isServedBy(Optional<OutputHead> stored, int rows) {
        // A head without names is taken to be over the same classes if it is over as many.
        return stored.map(this::equals).orElse(rows == outputs());
    }
}
