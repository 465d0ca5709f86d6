package io.millrace.app.models;

import io.millrace.app.console.Table;
import io.millrace.evaluator.gate.EProcess;
import io.millrace.evaluator.gate.Gate;
import io.millrace.evaluator.gate.PairedTest;
import io.millrace.schemas.Assessment;
import io.millrace.schemas.FreshComparison;
import io.millrace.schemas.GateEvidence;
import io.millrace.schemas.GateEvidence.Champion;
import io.millrace.schemas.GateEvidence.ProbeComparison;
import io.millrace.schemas.ModelUpdate;
import io.millrace.schemas.ProbeScore;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A verdict for a person: the numbers in its event, and the verdict derived from them once more.
 *
 * @param lines the explanation
 * @param derived the assessment that follows from the numbers; absent if the event has none
 * @param agrees false if the published verdict does not follow from the numbers
 */
public record VerdictExplanation(List<String> lines, @Nullable Assessment derived, boolean agrees) {

    public VerdictExplanation {
        lines = List.copyOf(lines);
    }

    /**
     * The explanation as JSON.
     *
     * @param agrees as in the explanation
     * @param derived as in the explanation
     * @param update the event on {@code model-updates}
     */
    public record Answer(boolean agrees, @Nullable Assessment derived, ModelUpdate update) {}

    /** Explains a verdict of the gate. */
    public static VerdictExplanation of(ModelUpdate update) {
        List<String> lines = new ArrayList<>();
        Assessment published = update.assessment();
        lines.add(update.model().checkpoint().id() + ": " + update.verdict().wireName()
                + (published == null ? "" : ", " + published.wireName()));
        update.reasons().forEach(reason -> lines.add("  " + reason));
        GateEvidence evidence = update.evidence();
        if (evidence == null || published == null) {
            lines.add("the event has no evidence: " + whyNone(update));
            return new VerdictExplanation(lines, null, true);
        }
        lines.add(text("rule %s, alpha %s", evidence.rule().wireName(), evidence.alpha()));
        lines.add(championOf(evidence.champion()));
        lines.add(freshOf(evidence));
        lines.addAll(new Table(
                        List.of(
                                "probe set",
                                "examples",
                                "accuracy",
                                "best",
                                "margin",
                                "gained",
                                "lost",
                                "difference",
                                "at least",
                                "p worse",
                                "required"),
                        rows(update.scores(), evidence))
                .lines());
        Assessment derived = Gate.decide(evidence, update.scores()).assessment();
        lines.add("derived from these numbers: " + derived.wireName()
                + (derived == published ? ", as published" : ", but " + published.wireName() + " was published"));
        return new VerdictExplanation(lines, derived, derived == published);
    }

    private static String whyNone(ModelUpdate update) {
        if (update.request() != null) {
            return "the model was chosen by hand";
        }
        return update.assessment() == null ? "an old version wrote it" : "the checkpoint was not scored";
    }

    private static String championOf(@Nullable Champion champion) {
        if (champion == null) {
            return "no champion";
        }
        String age = champion.seconds() == null
                ? text("age unknown (old at %d s)", champion.maxSeconds())
                : text("%d s old (old at %d s)", champion.seconds(), champion.maxSeconds());
        return text(
                "champion %s%s: %s, %d examples trained since (old at %d); overdue at %d times that",
                champion.checkpoint(),
                champion.usable() ? "" : ", whose files are gone or broken",
                age,
                champion.examples(),
                champion.maxExamples(),
                Champion.OVERDUE);
    }

    private static String freshOf(GateEvidence evidence) {
        FreshComparison fresh = evidence.fresh();
        if (fresh == null) {
            return "no fresh example was compared";
        }
        return text(
                "%d fresh examples of partition %d, offsets %d to %d: training right on %d, champion on %d;"
                        + " S = %d, V = %.2f, E = %.4g of %.4g",
                fresh.examples(),
                fresh.offsets().partition(),
                fresh.offsets().first(),
                fresh.offsets().next(),
                fresh.liveRight(),
                fresh.championRight(),
                fresh.lead(),
                fresh.variance(),
                Math.exp(Math.min(EProcess.logEvidence(fresh), 700)),
                1 / evidence.alpha());
    }

    private static List<List<String>> rows(List<ProbeScore> scores, GateEvidence evidence) {
        List<List<String>> rows = new ArrayList<>();
        for (int i = 0; i < scores.size(); i++) {
            rows.add(row(scores.get(i), evidence.probes().get(i), evidence.alpha()));
        }
        return rows;
    }

    private static List<String> row(ProbeScore score, ProbeComparison probe, double alpha) {
        int examples = score.probeSet().examples();
        List<String> row = new ArrayList<>(List.of(
                probe.probeSet(),
                String.valueOf(examples),
                text("%.3f", score.accuracy()),
                probe.best() == null ? "-" : text("%.3f", probe.best().accuracy()),
                text("%.3f", probe.margin())));
        if (probe.gained() == null || probe.lost() == null) {
            row.addAll(List.of("-", "-", "-", "-", "-"));
        } else {
            PairedTest paired = new PairedTest(probe.gained(), probe.lost(), examples);
            row.addAll(List.of(
                    String.valueOf(paired.gained()),
                    String.valueOf(paired.lost()),
                    text("%+.3f", paired.difference()),
                    text("%+.3f", paired.lowerBound(alpha)),
                    text("%.3g", paired.worseProbability())));
        }
        row.add(probe.required() ? "yes" : "no");
        return row;
    }

    private static String text(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
