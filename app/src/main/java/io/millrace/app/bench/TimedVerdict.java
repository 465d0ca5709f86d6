package io.millrace.app.bench;

import io.millrace.schemas.Assessment;
import io.millrace.schemas.ModelUpdate;

import java.util.List;

/**
 * A verdict of the evaluator, as the bench saw it.
 *
 * @param checkpoint id of the judged checkpoint
 * @param seconds when it was published, from the start of the measurement
 * @param assessment what the gate found
 * @param reasons why, one sentence each
 */
public record TimedVerdict(String checkpoint, double seconds, String assessment, List<String> reasons) {

    public TimedVerdict {
        reasons = List.copyOf(reasons);
    }

    static TimedVerdict of(ModelUpdate update, double seconds) {
        Assessment assessment = update.assessment();
        return new TimedVerdict(
                update.model().checkpoint().id(),
                seconds,
                assessment == null ? update.verdict().wireName() : assessment.wireName(),
                update.reasons());
    }
}
