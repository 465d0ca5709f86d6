package io.millrace.trainer.learner;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.millrace.encoder.TextBatch;
import io.millrace.encoder.TextEncoder;
import io.millrace.encoder.Uploads;
import io.millrace.encoder.tokens.TokenizedText;
import io.millrace.trainer.objective.CollatedBatch;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The examples and texts of a step, or of a part of it, as tokens and numbers.
 *
 * @param labelled tokens of the labelled examples, new ones first
 * @param targets index of each one's class, or its number for a regression
 * @param weights factor of each in the task loss; empty for all 1
 * @param isRegression whether the targets are numbers
 * @param unlabelled tokens of the unlabelled texts
 * @param maskId id of the mask token, if the tokenizer has one
 */
record TokenizedExamples(
        List<TokenizedText> labelled,
        double[] targets,
        Optional<double[]> weights,
        boolean isRegression,
        List<TokenizedText> unlabelled,
        OptionalInt maskId) {

    /** All texts, the labelled ones first. */
    List<TokenizedText> texts() {
        return Stream.concat(labelled.stream(), unlabelled.stream()).toList();
    }

    /** Number of tokens in all. */
    int tokens() {
        return texts().stream().mapToInt(TokenizedText::length).sum();
    }

    /**
     * Divides them, in their order, into parts of about as many tokens each. No part is empty: few examples make fewer parts.
     *
     * @param most how many parts at most
     */
    List<TokenizedExamples> parts(int most) {
        int parts = Math.max(1, Math.min(most, labelled.isEmpty() ? unlabelled.size() : labelled.size()));
        int[] labels = ends(labelled, parts);
        int[] texts = ends(unlabelled, parts);
        List<TokenizedExamples> divided = new ArrayList<>();
        for (int part = 0; part < parts; part++) {
            int from = part == 0 ? 0 : labels[part - 1];
            int to = labels[part];
            divided.add(new TokenizedExamples(
                    labelled.subList(from, to),
                    Arrays.copyOfRange(targets, from, to),
                    weights.map(all -> Arrays.copyOfRange(all, from, to)),
                    isRegression,
                    unlabelled.subList(part == 0 ? 0 : texts[part - 1], texts[part]),
                    maskId));
        }
        return divided;
    }

    /** Where each part ends. If there are as many texts as parts, every part has one. */
    private static int[] ends(List<TokenizedText> texts, int parts) {
        long all = texts.stream().mapToLong(TokenizedText::length).sum();
        int[] ends = new int[parts];
        long tokens = 0;
        int text = 0;
        for (int part = 0; part < parts; part++) {
            int least = part == 0 ? Math.min(1, texts.size()) : Math.min(ends[part - 1] + 1, texts.size());
            int most = Math.max(least, texts.size() - (parts - 1 - part));
            // A text belongs to the part in which its middle is.
            while (text < least
                    || (text < most && (2 * tokens + texts.get(text).length()) * parts <= 2 * all * (part + 1))) {
                tokens += texts.get(text++).length();
            }
            ends[part] = text;
        }
        ends[parts - 1] = texts.size();
        return ends;
    }

    /** As tensors, which live as long as {@code scope}. They come to the device together. */
    CollatedBatch pack(NDManager scope, TextEncoder encoder) {
        Uploads.Upload upload = encoder.uploads().to(scope);
        Optional<Supplier<CollatedBatch.Labelled>> examples =
                labelled.isEmpty() ? Optional.empty() : Optional.of(packLabelled(upload, encoder));
        Optional<Supplier<TextBatch>> texts =
                unlabelled.isEmpty() ? Optional.empty() : Optional.of(encoder.pack(upload, unlabelled));
        upload.send();
        return new CollatedBatch(examples.map(Supplier::get), texts.map(Supplier::get), maskId);
    }

    private Supplier<CollatedBatch.Labelled> packLabelled(Uploads.Upload upload, TextEncoder encoder) {
        Supplier<TextBatch> texts = encoder.pack(upload, labelled);
        Supplier<NDArray> sentTargets = isRegression
                ? upload.add(floats(targets))
                : upload.add(Arrays.stream(targets)
                        .mapToLong(target -> (long) target)
                        .toArray());
        Optional<Supplier<NDArray>> sentWeights = weights.map(factors -> upload.add(floats(factors)));
        return () -> new CollatedBatch.Labelled(
                texts.get(), sentTargets.get(), sentWeights.map(Supplier::get), isRegression);
    }

    private static float[] floats(double[] values) {
        float[] floats = new float[values.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) values[i];
        }
        return floats;
    }
}
