package io.millrace.evaluator.between;

import io.millrace.evaluator.score.ScoredSet;
import io.millrace.evaluator.score.Sheet;
import io.millrace.schemas.ModelChange;
import io.millrace.schemas.ModelChange.Interval;

import java.util.Map;

/** What changed from one model's answers to another's on one probe set. */
public final class ModelComparison {

    private ModelComparison() {}

    /**
     * Compares the answers of two models to the same version of a probe set.
     *
     * <p>Churn is the share of examples that are answered with another label (Milani Fard et al. 2016, "Launch and Iterate:
     * Reducing Prediction Churn"). Agreement is one less it.
     *
     * @param from id of the checkpoint of the model before
     */
    public static ModelChange of(String from, ScoredSet before, ScoredSet now) {
        if (!before.probeSet().reference().equals(now.probeSet().reference())) {
            throw new IllegalArgumentException("both models must answer the same probe set, got "
                    + before.probeSet().reference() + " and " + now.probeSet().reference());
        }
        int n = now.answers().size();
        int changed = 0;
        int newlyRight = 0;
        int newlyWrong = 0;
        for (int i = 0; i < n; i++) {
            boolean right = now.answers().get(i).correct();
            boolean wasRight = before.answers().get(i).correct();
            changed += now.answers().get(i).agreesWith(before.answers().get(i)) ? 0 : 1;
            newlyRight += right && !wasRight ? 1 : 0;
            newlyWrong += !right && wasRight ? 1 : 0;
        }
        Map<String, Interval> differences = PairedBootstrap.of(before, now);
        return new ModelChange(
                from,
                now.isClassified() ? share(changed, n) : null,
                share(newlyRight, n),
                share(newlyWrong, n),
                McNemar.pValue(newlyWrong, newlyRight),
                differences);
    }

    private static double share(int count, int n) {
        return Sheet.rounded(count / (double) n);
    }
}
