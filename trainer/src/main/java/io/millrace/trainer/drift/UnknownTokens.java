package io.millrace.trainer.drift;

import io.millrace.trainer.drift.detector.Memory;
import io.millrace.trainer.drift.detector.Scored;
import org.jspecify.annotations.Nullable;

/** The share of an example's tokens that the tokenizer does not know: other scripts, symbols, broken encodings. */
final class UnknownTokens implements Statistic {

    private final int reference;
    private final double tolerance;
    private final Baseline baseline = new Baseline();

    UnknownTokens(int reference, double tolerance) {
        this.reference = reference;
        this.tolerance = tolerance;
    }

    @Override
    public @Nullable Scored take(Observation next) {
        if (baseline.count() < reference) {
            baseline.add(next.unknownShare());
            return null;
        }
        return baseline.score(next.unknownShare(), tolerance);
    }

    @Override
    public void newBaseline() {
        baseline.clear();
    }

    @Override
    public void keep(Memory memory) {
        baseline.keep(memory);
    }
}
