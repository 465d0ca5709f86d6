package io.millrace.trainer.drift;

import io.millrace.schemas.DriftEvent.ShownExample;
import io.millrace.schemas.text.LogSafe;
import io.millrace.trainer.drift.detector.Memory;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** The newest {@value #SIZE} examples, cut and made safe to show, and the words that are typical of them. */
final class RecentExamples {

    static final int SIZE = 64;
    static final int MAX_WORDS = 8;
    static final int MAX_TEXT_CHARS = 160;
    private static final int MAX_ID_CHARS = 128;
    private static final int MAX_LABEL_CHARS = 64;

    /** A typical word is so many times as frequent as in the reference. */
    private static final double TYPICAL = 2;

    private final String[] ids = new String[SIZE];
    private final String[] texts = new String[SIZE];
    private final String[] labels = new String[SIZE];
    private long seen;

    RecentExamples() {
        Arrays.fill(ids, "");
        Arrays.fill(texts, "");
        Arrays.fill(labels, "");
    }

    void add(Observation next) {
        int slot = (int) (seen % SIZE);
        ids[slot] = LogSafe.line(next.example().id(), MAX_ID_CHARS);
        texts[slot] = LogSafe.line(next.text(), MAX_TEXT_CHARS);
        labels[slot] = LogSafe.line(next.example().label(), MAX_LABEL_CHARS);
        seen++;
    }

    int count() {
        return (int) Math.min(seen, SIZE);
    }

    /** The example that came {@code ago} before the newest, which is 0 ago. */
    ShownExample ago(int ago) {
        int slot = slot(ago);
        return new ShownExample(ids[slot], texts[slot], labels[slot]);
    }

    private int slot(int ago) {
        return (int) ((seen - 1 - ago) % SIZE);
    }

    /**
     * The words that are typical of the newest examples: those of the largest {@code n ln(p / q)}, with n examples that hold the word, p its
     * share of all their words and q its share in the reference, p at least twice q. A word of several examples must be in two at least.
     *
     * @param newest how many examples
     * @param reference share of a word in the reference, above 0
     */
    List<String> typicalWords(long newest, ToDoubleFunction<String> reference) {
        int taken = (int) Math.min(newest, count());
        Map<String, Integer> examples = new HashMap<>();
        Map<String, Integer> occurrences = new HashMap<>();
        int words = 0;
        for (int ago = 0; ago < taken; ago++) {
            List<String> text = Words.of(texts[slot(ago)]);
            words += text.size();
            text.forEach(word -> occurrences.merge(word, 1, Integer::sum));
            new HashSet<>(text).forEach(word -> examples.merge(word, 1, Integer::sum));
        }
        int least = taken > 2 ? 2 : 1;
        List<Typical> typical = new ArrayList<>();
        for (Map.Entry<String, Integer> word : occurrences.entrySet()) {
            double ratio = word.getValue() / (double) words / reference.applyAsDouble(word.getKey());
            int holding = examples.getOrDefault(word.getKey(), 0);
            if (holding >= least && ratio >= TYPICAL) {
                typical.add(new Typical(word.getKey(), holding * StrictMath.log(ratio)));
            }
        }
        return typical.stream().sorted().limit(MAX_WORDS).map(Typical::word).toList();
    }

    private record Typical(String word, double weight) implements Comparable<Typical> {

        @Override
        public int compareTo(Typical other) {
            int byWeight = Double.compare(other.weight, weight);
            return byWeight != 0 ? byWeight : word.compareTo(other.word);
        }
    }

    void keep(Memory memory) {
        memory.texts("ids", ids);
        memory.texts("texts", texts);
        memory.texts("labels", labels);
        seen = memory.number("seen", seen);
    }
}
