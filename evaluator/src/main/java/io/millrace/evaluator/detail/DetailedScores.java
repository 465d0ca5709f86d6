package io.millrace.evaluator.detail;

import io.millrace.evaluator.between.ModelComparison;
import io.millrace.evaluator.score.ScoredSet;
import io.millrace.evaluator.score.SetDetails;
import io.millrace.evaluator.score.Sheet;
import io.millrace.schemas.ModelChange;
import io.millrace.schemas.PartScores;
import io.millrace.schemas.ProbeDetails;
import io.millrace.schemas.json.Json;
import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The further scores of a checkpoint on all probe sets of its task, as they are published. */
public final class DetailedScores {

    /**
     * Most bytes that the parts of all probe sets take. The scores and the rest of the details of 200 probe sets with the
     * longest names take half of the 1 MiB of a record at most.
     */
    static final int MAX_PARTS_BYTES = 400 * 1024;

    private DetailedScores() {}

    /**
     * Another model's answers.
     *
     * @param checkpoint id of its checkpoint
     * @param sets its answers to probe sets, of the same versions as far as possible, in any order
     */
    public record Other(String checkpoint, List<ScoredSet> sets) {

        private @Nullable ModelChange changeTo(ScoredSet now) {
            return sets.stream()
                    .filter(before ->
                            before.probeSet().reference().equals(now.probeSet().reference()))
                    .findFirst()
                    .map(before -> ModelComparison.of(checkpoint, before, now))
                    .orElse(null);
        }
    }

    /**
     * The further scores, one entry per set, in their order.
     *
     * @param sets the answers of the checkpoint to all probe sets of the task
     * @param current the answers of the current model, if it was asked; a set that it was not asked has no change
     */
    public static List<ProbeDetails> of(List<ScoredSet> sets, Optional<Other> current) {
        Originals originals = new Originals(sets);
        OutOfScope outOfScope = new OutOfScope(sets);
        List<ProbeDetails> details = new ArrayList<>();
        for (ScoredSet set : sets) {
            Sheet sheet = new Sheet().putAll(set.details().sheet());
            ContrastSets.addTo(sheet, set);
            PerturbedTexts.addTo(sheet, set, originals);
            outOfScope.addTo(sheet, set);
            List<PartScores> parts = new ArrayList<>();
            List<PartScores> capabilities = CheckList.of(set, originals);
            parts.addAll(capabilities.subList(0, Math.min(capabilities.size(), SetDetails.MAX_PARTS)));
            parts.addAll(set.details().parts());
            List<PartScores> fitting = fitting(parts, MAX_PARTS_BYTES / sets.size());
            int all = capabilities.size()
                    + set.details().parts().size()
                    + set.details().leftOut();
            details.add(new ProbeDetails(
                    set.probeSet().name(),
                    set.probeSet().reference().version(),
                    sheet.scores(),
                    sheet.undefined(),
                    fitting,
                    all - fitting.size(),
                    current.map(other -> other.changeTo(set)).orElse(null)));
        }
        return details;
    }

    /** Those parts that fit into a number of bytes, taken in their order; one that does not fit is passed over. */
    private static List<PartScores> fitting(List<PartScores> parts, int bytes) {
        List<PartScores> fitting = new ArrayList<>();
        int left = bytes;
        for (PartScores part : parts) {
            int needed = Json.write(part).getBytes(StandardCharsets.UTF_8).length + 1;
            if (needed <= left) {
                fitting.add(part);
                left -= needed;
            }
        }
        return fitting;
    }
}
