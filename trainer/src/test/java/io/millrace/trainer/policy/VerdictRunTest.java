package io.millrace.trainer.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.ModelUpdate;
import io.millrace.schemas.PolicyState.VerdictPosition;
import io.millrace.schemas.Verdict;
import io.millrace.trainer.PublishedVerdicts;
import io.millrace.trainer.policy.VerdictFeed.LocatedVerdict;
import org.junit.jupiter.api.Test;

import java.util.List;

class VerdictRunTest {

    private static final VerdictPosition NEXT = new VerdictPosition(2, 40);

    private final VerdictRun run = new VerdictRun(List.of("a", "b", "c"));

    @Test
    void shouldCountRejectionsUntilAPromotion() {
        // When
        run.add(at(10, verdict("a", Verdict.REJECTED)));
        run.add(at(11, verdict("b", Verdict.PROMOTED)));
        run.add(at(12, verdict("c", Verdict.REJECTED)));

        // Then
        assertThat(run.rejections())
                .extracting(update -> update.model().checkpoint().id())
                .containsExactly("c");
        assertThat(run.promotion()).isPresent();
        assertThat(run.firstNeeded(NEXT)).isEqualTo(new VerdictPosition(2, 12));
    }

    @Test
    void shouldIgnoreVerdictsOnCheckpointsThatAreNotAwaited() {
        // When one is of another branch, and one comes twice
        run.add(at(10, verdict("abandoned", Verdict.REJECTED)));
        run.add(at(11, verdict("a", Verdict.REJECTED)));
        run.add(at(12, verdict("a", Verdict.REJECTED)));

        // Then
        assertThat(run.rejections()).hasSize(1);
    }

    @Test
    void shouldNotCountACheckpointThatHasNoScores() {
        // When
        run.add(at(10, PublishedVerdicts.verdict("a", Verdict.REJECTED, List.of())));

        // Then
        assertThat(run.rejections()).isEmpty();
        assertThat(run.firstNeeded(NEXT)).isEqualTo(NEXT);
    }

    @Test
    void shouldStartAnewAfterAChange() {
        // Given
        run.add(at(10, verdict("a", Verdict.REJECTED)));

        // When
        run.changed();
        run.add(at(11, verdict("b", Verdict.REJECTED)));
        run.written("d");
        run.add(at(12, verdict("d", Verdict.REJECTED)));

        // Then
        assertThat(run.rejections())
                .extracting(update -> update.model().checkpoint().id())
                .containsExactly("d");
    }

    private static ModelUpdate verdict(String checkpoint, Verdict verdict) {
        return PublishedVerdicts.verdict(checkpoint, verdict);
    }

    private static LocatedVerdict at(long offset, ModelUpdate update) {
        return new LocatedVerdict(update, offset);
    }
}
