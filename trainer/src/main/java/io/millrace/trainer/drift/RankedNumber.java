package io.millrace.trainer.drift;

import io.millrace.trainer.drift.detector.Memory;
import io.millrace.trainer.drift.detector.Scored;
import org.jspecify.annotations.Nullable;

import java.util.function.ToDoubleFunction;

/** A number of each example, such as the length of its text in UTF-16 units, by its rank. */
final class RankedNumber implements Statistic {

    private final ToDoubleFunction<Observation> number;
    private final RankShift ranks;

    RankedNumber(ToDoubleFunction<Observation> number, int reference, double tolerance) {
        this.number = number;
        ranks = new RankShift(reference, tolerance);
    }

    @Override
    public @Nullable Scored take(Observation next) {
        return ranks.take(number.applyAsDouble(next));
    }

    @Override
    public void newBaseline() {
        ranks.newBaseline();
    }

    @Override
    public boolean isTwoSided() {
        return true;
    }

    @Override
    public void keep(Memory memory) {
        ranks.keep(memory);
    }
}
