package io.millrace.trainer.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.CheckpointReference;
import io.millrace.schemas.ModelUpdate;
import io.millrace.schemas.ModelUpdate.CurrentModel;
import io.millrace.schemas.ModelUpdate.PublishedModel;
import io.millrace.schemas.OffsetRange;
import io.millrace.schemas.Verdict;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Set;

class CheckpointHistoryTest {

    @Test
    void shouldNotGoBackToWhatWasRolledBackFromByHand() {
        // When
        Set<String> promoted = CheckpointHistory.promoted(List.of(
                update(Verdict.PROMOTED, "a", null),
                update(Verdict.PROMOTED, "b", "a"),
                update(Verdict.REJECTED, "c", "b"),
                update(Verdict.ROLLED_BACK, "a", "b")));

        // Then
        assertThat(promoted).containsExactly("a");
    }

    @Test
    void shouldGoBackToWhatWasPromotedAgainAfterwards() {
        // When
        Set<String> promoted = CheckpointHistory.promoted(List.of(
                update(Verdict.PROMOTED, "a", null),
                update(Verdict.PROMOTED, "b", "a"),
                update(Verdict.ROLLED_BACK, "a", "b"),
                update(Verdict.PROMOTED, "b", "a")));

        // Then
        assertThat(promoted).containsExactlyInAnyOrder("a", "b");
    }

    private static ModelUpdate update(Verdict verdict, String id, String current) {
        return new ModelUpdate(
                verdict,
                List.of(),
                model(id),
                List.of(),
                current == null ? null : new CurrentModel(model(current), List.of()),
                new ModelUpdate.Lineage(null, new OffsetRange(0, 0, 1)));
    }

    private static PublishedModel model(String id) {
        return new PublishedModel(new CheckpointReference("intent", id, 1, "intent/" + id, "hash"), "location", "hash");
    }
}
