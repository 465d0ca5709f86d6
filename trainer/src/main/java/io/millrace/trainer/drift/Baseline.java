package io.millrace.trainer.drift;

import io.millrace.trainer.drift.detector.Memory;
import io.millrace.trainer.drift.detector.Scored;

/**
 * The mean of reference scores and its standard error. The error comes from the means of blocks of {@value #BLOCK} scores in a row, so that
 * dependence between neighbours counts.
 */
final class Baseline {

    static final int BLOCK = 25;

    /** How many standard errors are added to the tolerance, because the reference is a sample. */
    static final double ERRORS = 2;

    private long count;
    private double sum;
    private double block;
    private long blocks;
    private double blockSum;
    private double blockSquares;

    void add(double score) {
        count++;
        sum += score;
        block += score;
        if (count % BLOCK == 0) {
            double mean = block / BLOCK;
            blocks++;
            blockSum += mean;
            blockSquares += mean * mean;
            block = 0;
        }
    }

    long count() {
        return count;
    }

    /** A new score against this reference. */
    Scored score(double score, double tolerance) {
        return new Scored(score, sum / count, tolerance + ERRORS * error());
    }

    /** A score like the mean of this reference. */
    Scored neutral(double tolerance) {
        return score(sum / count, tolerance);
    }

    private double error() {
        if (blocks < 2) {
            return 0;
        }
        double mean = blockSum / blocks;
        double variance = Math.max(0, blockSquares / blocks - mean * mean) * blocks / (blocks - 1);
        return Math.sqrt(variance / blocks);
    }

    void clear() {
        count = 0;
        sum = 0;
        block = 0;
        blocks = 0;
        blockSum = 0;
        blockSquares = 0;
    }

    void keep(Memory memory) {
        count = memory.number("count", count);
        sum = memory.real("sum", sum);
        block = memory.real("block", block);
        blocks = memory.number("blocks", blocks);
        blockSum = memory.real("blockSum", blockSum);
        blockSquares = memory.real("blockSquares", blockSquares);
    }
}
