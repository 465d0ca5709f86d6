package io.millrace.trainer.drift;

import io.millrace.trainer.drift.detector.Memory;
import io.millrace.trainer.drift.detector.Scored;
import org.jspecify.annotations.Nullable;

import java.util.Arrays;

/**
 * Whether a linear classifier takes an example's embedding for a recent one rather than one of the reference: a two-sample test by betting
 * (Shekhar and Ramdas, "Nonparametric two-sample testing by betting", arXiv 2112.09162) with the witness of a linear kernel. Embeddings have
 * length 1 and are projected on {@value #SIZE} random directions. With a the mean of the first half of the reference and r the mean of recent
 * examples, each weighing 1 - 1/{@value #MEMORY} of the next, the score is 1 if {@code (r - a) z > (r - a)(r + a)/2}, else 0. r changes
 * every {@value Baseline#BLOCK} examples, so the classifier depends on earlier examples alone. The second half of the reference gives the mean
 * without drift.
 */
final class Embeddings implements Statistic {

    static final int SIZE = 32;
    static final int MEMORY = 100;

    private final double tolerance;
    private final int half;
    private final double[] reference = new double[SIZE];
    private final double[] second;
    private final double[] recent = new double[SIZE];
    private final double[] direction = new double[SIZE];
    private final Baseline baseline = new Baseline();
    private double threshold;
    private long seen;

    Embeddings(int reference, double tolerance) {
        this.tolerance = tolerance;
        half = reference / 2;
        second = new double[(reference - half) * SIZE];
    }

    @Override
    public @Nullable Scored take(Observation next) {
        if (next.embedding().length == 0) {
            return null;
        }
        double[] z = projected(next.embedding());
        int learned = second.length / SIZE + half;
        Scored scored = seen < learned ? null : baseline.score(score(z, 0), tolerance);
        for (int i = 0; i < SIZE; i++) {
            if (seen < half) {
                reference[i] += z[i] / half;
            } else if (seen < learned) {
                second[(int) (seen - half) * SIZE + i] = z[i];
            }
            recent[i] += (z[i] - recent[i]) / Math.min(seen + 1, MEMORY);
        }
        seen++;
        if (seen == learned || (seen > learned && seen % Baseline.BLOCK == 0)) {
            turn();
        }
        return scored;
    }

    /** The embedding at length 1, on random directions of plus and minus 1. */
    private static double[] projected(float[] embedding) {
        double squares = 0;
        for (float value : embedding) {
            squares += (double) value * value;
        }
        double length = squares == 0 ? 1 : Math.sqrt(squares);
        double[] z = new double[SIZE];
        for (int j = 0; j < embedding.length; j++) {
            long signs = mixed(j);
            for (int i = 0; i < SIZE; i++) {
                z[i] += ((signs >>> i) & 1) == 0 ? embedding[j] / length : -embedding[j] / length;
            }
        }
        return z;
    }

    /** Bits without a pattern: the finalizer of SplitMix64. */
    private static long mixed(long index) {
        long z = (index + 1) * 0x9E3779B97F4A7C15L;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    private double score(double[] values, int from) {
        double sum = 0;
        for (int i = 0; i < SIZE; i++) {
            sum += direction[i] * values[from + i];
        }
        return sum > threshold ? 1 : 0;
    }

    private void turn() {
        threshold = 0;
        for (int i = 0; i < SIZE; i++) {
            direction[i] = recent[i] - reference[i];
            threshold += direction[i] * (recent[i] + reference[i]) / 2;
        }
        baseline.clear();
        for (int from = 0; from < second.length; from += SIZE) {
            baseline.add(score(second, from));
        }
    }

    @Override
    public void newBaseline() {
        seen = 0;
        threshold = 0;
        Arrays.fill(reference, 0);
        Arrays.fill(second, 0);
        Arrays.fill(recent, 0);
        Arrays.fill(direction, 0);
        baseline.clear();
    }

    @Override
    public boolean changesScore() {
        return true;
    }

    @Override
    public void keep(Memory memory) {
        memory.reals("reference", reference);
        memory.reals("second", second);
        memory.reals("recent", recent);
        memory.reals("direction", direction);
        baseline.keep(memory.within("baseline"));
        threshold = memory.real("threshold", threshold);
        seen = memory.number("seen", seen);
    }
}
