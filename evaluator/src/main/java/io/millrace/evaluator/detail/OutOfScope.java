package io.millrace.evaluator.detail;

import io.millrace.evaluator.score.Ranking;
import io.millrace.evaluator.score.ScopeScore;
import io.millrace.evaluator.score.ScoredSet;
import io.millrace.evaluator.score.Sheet;
import io.millrace.evaluator.state.ProbeAttributes;
import io.millrace.schemas.Distribution;
import io.millrace.schemas.LabelledExample;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * How well a classifier tells texts out of scope from those of its labels, without being taught: by the largest probability
 * and by the energy ({@link ScopeScore}). Texts in scope are the positives. Those out of scope are compared with the ones in
 * scope of the same probe set or, if it has none, with those of all probe sets in distribution.
 */
final class OutOfScope {

    private static final String NO_SCOPE = "the model knows no label but " + ProbeAttributes.OUT_OF_SCOPE_LABEL;
    private static final String NOTHING_IN_SCOPE = "no text is in scope, here or in a probe set in distribution";

    private final List<ScopeScore> inDistribution = new ArrayList<>();

    OutOfScope(List<ScoredSet> sets) {
        sets.stream()
                .filter(set -> set.probeSet().reference().distribution() == Distribution.IN_DISTRIBUTION)
                .forEach(set -> inDistribution.addAll(of(set, false)));
    }

    /**
     * {@code oosAurocProbability}, {@code oosFpr95Probability}, {@code oosAurocEnergy} and {@code oosFpr95Energy}: AUROC,
     * and the share of texts out of scope that pass when 95 % of those in scope do. Nothing is added if no text is out of
     * scope, or for a regression.
     */
    void addTo(Sheet sheet, ScoredSet set) {
        if (set.probeSet().examples().stream().noneMatch(ProbeAttributes::isOutOfScope) || !set.isClassified()) {
            return;
        }
        List<ScopeScore> out = of(set, true);
        List<ScopeScore> own = of(set, false);
        List<ScopeScore> in = own.isEmpty() ? inDistribution : own;
        String reason = set.details().scope().isEmpty() ? NO_SCOPE : NOTHING_IN_SCOPE;
        put(sheet, "Probability", ranking(in, out, ScopeScore::probability), reason);
        put(sheet, "Energy", ranking(in, out, ScopeScore::negativeEnergy), reason);
    }

    private static void put(Sheet sheet, String by, Ranking ranking, String reason) {
        sheet.put("oosAuroc" + by, ranking.auroc(), reason);
        sheet.put("oosFpr95" + by, ranking.falsePositiveRate(), reason);
    }

    private static Ranking ranking(List<ScopeScore> in, List<ScopeScore> out, ToDoubleFunction<ScopeScore> score) {
        return new Ranking(
                in.stream().mapToDouble(score).toArray(),
                out.stream().mapToDouble(score).toArray());
    }

    private static List<ScopeScore> of(ScoredSet set, boolean out) {
        List<LabelledExample> examples = set.probeSet().examples();
        List<ScopeScore> all = set.details().scope();
        List<ScopeScore> chosen = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            if (ProbeAttributes.isOutOfScope(examples.get(i)) == out) {
                chosen.add(all.get(i));
            }
        }
        return chosen;
    }
}
