package io.millrace.app.narration;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.DriftEvent;
import io.millrace.schemas.DriftPhase;
import io.millrace.schemas.ModelRequest;
import io.millrace.schemas.OffsetRange;
import io.millrace.schemas.Origin;
import io.millrace.schemas.RequestOutcome;
import io.millrace.schemas.Verdict;
import org.junit.jupiter.api.Test;

import java.util.List;

class EventLinesTest {

    private final EventLines ofOneTask = new EventLines(false);
    private final EventLines ofSeveral = new EventLines(true);

    @Test
    void shouldShowACheckpointWithItsLossTermsAndAccuracy() {
        assertThat(ofOneTask.checkpoint(Events.announcement(47, 1504, 0.123), "  6,016 examples"))
                .containsExactly(
                        "checkpoint  step    47    6,016 examples   smoothness 0.0125  task 2.5000  test-then-train 12.3 %");
    }

    @Test
    void shouldShowAPromotionWithItsScores() {
        assertThat(ofOneTask.modelUpdate(Events.update(Verdict.PROMOTED, 47, List.of())))
                .containsExactly("promoted    step    47  in: known 71.2 %  out: typos 50.0 %");
    }

    @Test
    void shouldShowWhyACheckpointWasRejected() {
        assertThat(ofSeveral.modelUpdate(
                        Events.update(Verdict.REJECTED, 47, List.of("known lost too much", "typos too"))))
                .singleElement()
                .asString()
                .startsWith("rejected    intent  step    47  in: ")
                .endsWith("(known lost too much; typos too)");
    }

    @Test
    void shouldShowDrift() {
        assertThat(ofOneTask.drift(drift(null)))
                .containsExactly("drift       step   160  prequentialAccuracy started: 0.410, reference 0.780");
    }

    @Test
    void shouldShowTheWordsBehindADriftOnOneLine() {
        // Given
        DriftEvent.Episode episode = new DriftEvent.Episode(
                "e1",
                List.of("prequentialAccuracy"),
                DriftEvent.Severity.MAJOR,
                new OffsetRange(0, 1, 2),
                List.of("iban", "wire\u001b[2J"),
                List.of(new DriftEvent.ShownExample("7", "wire it\nnow", "transfer")));

        // When / Then
        assertThat(ofOneTask.drift(drift(episode)))
                .containsExactly(
                        "drift       step   160  prequentialAccuracy started (major): 0.410, reference 0.780",
                        "            more frequent now: iban, wire\\u001B[2J",
                        "            for example \"wire it\\u000Anow\" (transfer)");
    }

    @Test
    void shouldShowARequestByHand() {
        // Given
        ModelRequest request = new ModelRequest(
                "r1", "intent", ModelRequest.Action.PROMOTE, "checkpoint-000100", "alice", "better", null);

        // When / Then
        assertThat(ofOneTask.request(new RequestOutcome(
                        request,
                        new Origin("model-requests", 0, 0, 0),
                        RequestOutcome.Result.REFUSED,
                        List.of("there is no such checkpoint"),
                        null)))
                .containsExactly("by hand     promote checkpoint-000100 by alice refused: there is no such checkpoint");
    }

    private static DriftEvent drift(DriftEvent.Episode episode) {
        return new DriftEvent(
                "intent",
                DriftPhase.STARTED,
                "prequentialAccuracy",
                "detector",
                new DriftEvent.Reading(0.41, 0.78, 0.37, 500),
                160,
                episode);
    }
}
