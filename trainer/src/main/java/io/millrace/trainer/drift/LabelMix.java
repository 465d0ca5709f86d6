package io.millrace.trainer.drift;

import io.millrace.trainer.drift.detector.Memory;
import io.millrace.trainer.drift.detector.Scored;
import org.jspecify.annotations.Nullable;

import java.util.Arrays;

/**
 * Whether an example's label is one of those that have become more frequent. Every {@value Baseline#BLOCK} examples, the labels whose share
 * among the newest {@value #RECENT} examples is larger than among the first half of the reference are chosen. The score of a later example is
 * 1 if its label is among them, else 0, and the second half of the reference gives the mean without drift. So the choice depends on earlier
 * examples alone, and no label is compared with the examples that chose it. How far the mean rises is a lower bound of the total variation
 * distance between the label mixes. Labels are counted in {@value #BUCKETS} hash buckets.
 */
final class LabelMix implements Statistic {

    static final int RECENT = 200;
    static final int BUCKETS = 1024;

    private final double tolerance;
    private final long[] first;
    private final long[] second;
    private final long[] recent = new long[RECENT];
    private final long[] recentCounts = new long[BUCKETS];
    private final long[] chosen = new long[BUCKETS];
    private final Baseline baseline = new Baseline();
    private final int half;
    private long seen;

    LabelMix(int reference, double tolerance) {
        this.tolerance = tolerance;
        half = reference / 2;
        first = new long[BUCKETS];
        second = new long[reference - half];
    }

    @Override
    public @Nullable Scored take(Observation next) {
        int label = bucket(next.example().label());
        Scored scored = seen < half + second.length ? null : baseline.score((double) chosen[label], tolerance);
        if (seen < half) {
            first[label]++;
        } else if (seen < half + second.length) {
            second[(int) seen - half] = label;
        }
        int slot = (int) (seen % RECENT);
        if (seen >= RECENT) {
            recentCounts[(int) recent[slot]]--;
        }
        recent[slot] = label;
        recentCounts[label]++;
        seen++;
        boolean isLearned = seen >= half + second.length;
        if (isLearned && (seen % Baseline.BLOCK == 0 || seen == half + second.length)) {
            choose();
        }
        return scored;
    }

    private static int bucket(String label) {
        int hash = label.hashCode() * 0x9E3779B9;
        return hash >>> 22;
    }

    private void choose() {
        double counted = Math.min(seen, RECENT);
        for (int i = 0; i < BUCKETS; i++) {
            chosen[i] = recentCounts[i] / counted > first[i] / (double) half ? 1 : 0;
        }
        baseline.clear();
        for (long label : second) {
            baseline.add((double) chosen[(int) label]);
        }
    }

    @Override
    public void newBaseline() {
        seen = 0;
        Arrays.fill(first, 0);
        Arrays.fill(second, 0);
        Arrays.fill(recent, 0);
        Arrays.fill(recentCounts, 0);
        Arrays.fill(chosen, 0);
        baseline.clear();
    }

    @Override
    public boolean changesScore() {
        return true;
    }

    @Override
    public void keep(Memory memory) {
        memory.numbers("first", first);
        memory.numbers("second", second);
        memory.numbers("recent", recent);
        memory.numbers("recentCounts", recentCounts);
        memory.numbers("chosen", chosen);
        baseline.keep(memory.within("baseline"));
        seen = memory.number("seen", seen);
    }
}
