package io.millrace.evaluator.gate;

import io.millrace.schemas.Assessment;
import io.millrace.schemas.FreshComparison;
import io.millrace.schemas.GateEvidence;
import io.millrace.schemas.GateEvidence.BestScore;
import io.millrace.schemas.GateEvidence.Champion;
import io.millrace.schemas.GateEvidence.ProbeComparison;
import io.millrace.schemas.GateRule;
import io.millrace.schemas.ProbeScore;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Decides whether a checkpoint becomes the champion, from the numbers in its event alone. By the rule {@code evidence}:
 *
 * <ul>
 *   <li>on no required probe set may its accuracy be more than the probe set's margin below the best promoted score, and a loss
 *       of the margin against the champion must be ruled out;
 *   <li>then it is promoted if fresh examples show that training since the champion helps, {@link EProcess}, or if the champion
 *       is old or cannot be used;
 *   <li>once the champion is overdue, the best promoted scores alone decide: a champion that was lucky on small probe sets
 *       would otherwise keep out its equals for ever.
 * </ul>
 *
 * By the rule {@code margin}, the first half of the first item decides alone.
 */
public final class Gate {

    /** Two accuracies closer than this are equal: they are ratios of counts, and anything smaller is rounding. */
    private static final double RESOLUTION = 1e-9;

    private Gate() {}

    /**
     * The decision on one checkpoint.
     *
     * @param assessment what was found
     * @param reasons why, one sentence each; not empty
     */
    public record Decision(Assessment assessment, List<String> reasons) {
        public Decision {
            reasons = List.copyOf(reasons);
        }
    }

    /** What the comparison on a probe set means for the checkpoint. */
    private enum Finding {
        PASSED,
        UNCLEAR,
        WORSE
    }

    private record Compared(Finding finding, String reason) {}

    /**
     * Decides on one checkpoint.
     *
     * @param evidence the numbers
     * @param scores the checkpoint's scores, in the order of {@link GateEvidence#probes}
     */
    public static Decision decide(GateEvidence evidence, List<ProbeScore> scores) {
        if (scores.size() != evidence.probes().size()) {
            throw new IllegalArgumentException("expected one comparison per score: " + scores.size() + ", got "
                    + evidence.probes().size());
        }
        List<String> reasons = new ArrayList<>();
        Finding worst = Finding.PASSED;
        for (int i = 0; i < scores.size(); i++) {
            ProbeComparison probe = evidence.probes().get(i);
            Compared compared = compare(evidence, probe, scores.get(i));
            if (compared.finding() != Finding.PASSED) {
                reasons.add(compared.reason() + (probe.required() ? "" : "; this probe set is advisory"));
            }
            if (probe.required() && compared.finding().compareTo(worst) > 0) {
                worst = compared.finding();
            }
        }
        if (worst != Finding.PASSED) {
            return new Decision(
                    worst == Finding.WORSE ? Assessment.REGRESSED : Assessment.INSUFFICIENT_EVIDENCE, reasons);
        }
        Decision passed = passed(evidence);
        reasons.addAll(0, passed.reasons());
        if (scores.isEmpty()) {
            reasons.add("there is no probe set, so nothing guards against forgetting");
        }
        return new Decision(passed.assessment(), reasons);
    }

    private static Compared compare(GateEvidence evidence, ProbeComparison probe, ProbeScore score) {
        BestScore best = probe.best();
        if (best != null && score.accuracy() < best.accuracy() - probe.margin() - RESOLUTION) {
            return new Compared(
                    Finding.WORSE,
                    text(
                            "accuracy on %s is %.3f, more than the margin %.3f below the best promoted %.3f of %s",
                            probe.probeSet(), score.accuracy(), probe.margin(), best.accuracy(), best.checkpoint()));
        }
        boolean isOverdue = evidence.champion() != null && evidence.champion().isOverdue();
        if (evidence.rule() == GateRule.MARGIN || isOverdue || probe.gained() == null || probe.lost() == null) {
            return new Compared(Finding.PASSED, "");
        }
        PairedTest paired =
                new PairedTest(probe.gained(), probe.lost(), score.probeSet().examples());
        if (paired.isNotInferior(probe.margin(), evidence.alpha())) {
            return new Compared(Finding.PASSED, "");
        }
        String numbers = text(
                "%d answers gained and %d lost of %d on %s",
                paired.gained(), paired.lost(), paired.examples(), probe.probeSet());
        return paired.worseProbability() <= evidence.alpha()
                ? new Compared(
                        Finding.WORSE,
                        text("worse than the champion: %s, p = %.2g", numbers, paired.worseProbability()))
                : new Compared(
                        Finding.UNCLEAR,
                        text("a loss of the margin %.3f cannot be ruled out: %s", probe.margin(), numbers));
    }

    /** The decision on a checkpoint that passes all required probe sets. */
    private static Decision passed(GateEvidence evidence) {
        Champion champion = evidence.champion();
        if (champion == null) {
            return decision(Assessment.NOT_INFERIOR, "there was no champion to compare with");
        }
        if (evidence.rule() == GateRule.MARGIN) {
            return decision(
                    Assessment.NOT_INFERIOR, "on no probe set more than the margin below the best promoted score");
        }
        FreshComparison fresh = evidence.fresh();
        String seen = seen(fresh, evidence.alpha());
        if (fresh != null && EProcess.logEvidence(fresh) >= -Math.log(evidence.alpha())) {
            return decision(Assessment.IMPROVED, "better than the champion: " + seen);
        }
        if (!champion.usable()) {
            return decision(
                    Assessment.NOT_INFERIOR, "the champion cannot be used any more: its files are gone or broken");
        }
        if (champion.isOld()) {
            return decision(
                    Assessment.NOT_INFERIOR,
                    champion.isOverdue()
                            ? "within the margins of the best promoted scores, and the champion is overdue, "
                                    + age(champion) + " old"
                            : "nowhere worse than the champion, which is " + age(champion)
                                    + " old; not shown to be better: " + seen);
        }
        return decision(
                Assessment.INSUFFICIENT_EVIDENCE,
                "not shown to be better: " + seen + "; the champion is " + age(champion) + " old");
    }

    private static Decision decision(Assessment assessment, String reason) {
        return new Decision(assessment, List.of(reason));
    }

    private static String seen(@Nullable FreshComparison fresh, double alpha) {
        if (fresh == null) {
            return "no fresh example was compared yet";
        }
        return text(
                "right on %d of %d fresh examples, the champion on %d, evidence %.3g of %.3g",
                fresh.liveRight(),
                fresh.examples(),
                fresh.championRight(),
                Math.exp(Math.min(EProcess.logEvidence(fresh), 700)),
                1 / alpha);
    }

    private static String age(Champion champion) {
        String examples = text("%d examples (replaced at %d)", champion.examples(), champion.maxExamples());
        return champion.seconds() == null
                ? examples
                : text("%d s (replaced at %d s) and %s", champion.seconds(), champion.maxSeconds(), examples);
    }

    private static String text(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
