package io.millrace.trainer.drift;

import io.millrace.trainer.drift.detector.Memory;
import io.millrace.trainer.drift.detector.Scored;
import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.List;

/**
 * The cross-entropy of an example's words against the word frequencies of the reference (Chang, Halder, John, Vyas, Benajiba, Ballesteros and
 * Roth, "Characterizing and Measuring Linguistic Dataset Drift", ACL 2023, arXiv 2305.17127), by its rank. With c occurrences of a word among
 * n words in the first half of the reference, in B = {@value #BUCKETS} hash buckets, a text of k words has
 *
 * <pre>H = -1/k sum of ln((c + 1/10) / (n + B/10)).</pre>
 *
 * The second half of the reference gives the ranks and the mean without drift, so that no text is compared with its own words. A text
 * without words does not count.
 */
final class Vocabulary implements Statistic {

    static final int BUCKETS = 8192;
    private static final double SMOOTHING = 0.1;

    private final int counted;
    private final long[] counts = new long[BUCKETS];
    private final RankShift ranks;
    private long words;
    private long seen;

    Vocabulary(int reference, double tolerance) {
        counted = reference / 2;
        ranks = new RankShift(reference - counted, tolerance);
    }

    @Override
    public @Nullable Scored take(Observation next) {
        List<String> text = Words.of(next.text());
        if (text.isEmpty()) {
            return ranks.neutral();
        }
        if (seen < counted) {
            seen++;
            words += text.size();
            text.forEach(word -> counts[bucket(word)]++);
            return null;
        }
        double sum = 0;
        for (String word : text) {
            sum -= StrictMath.log(share(word));
        }
        return ranks.take(sum / text.size());
    }

    /** Share of a word among those of the reference; above 0 for a word that was never seen. */
    double share(String word) {
        return (counts[bucket(word)] + SMOOTHING) / (words + SMOOTHING * BUCKETS);
    }

    private static int bucket(String word) {
        int hash = word.hashCode() * 0x9E3779B9;
        return hash >>> 19;
    }

    @Override
    public void newBaseline() {
        seen = 0;
        words = 0;
        Arrays.fill(counts, 0);
        ranks.newBaseline();
    }

    @Override
    public boolean isTwoSided() {
        return true;
    }

    @Override
    public void keep(Memory memory) {
        memory.numbers("counts", counts);
        words = memory.number("words", words);
        seen = memory.number("seen", seen);
        ranks.keep(memory.within("ranks"));
    }
}
