package io.millrace.trainer.lineage;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.CheckpointAnnouncement;
import io.millrace.schemas.CheckpointReference;
import io.millrace.schemas.OffsetRange;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

class AncestryTest {

    private static final int LONG_HISTORY = 50_000;

    @Test
    void shouldFollowParentsPastABranchThatWasLeft() {
        // Given a rollback from b to a, then b-2
        Ancestry ancestry = new Ancestry(
                List.of(announced("a", null), announced("b", "a"), announced("c", "b"), announced("b-2", "a")));

        // When / Then
        assertThat(ids(ancestry, "b-2")).containsExactly("b-2", "a");
        assertThat(ancestry.chain(Optional.empty())).isEmpty();
    }

    @Test
    void shouldEndWhereAParentIsUnknownOrComesAgain() {
        // Given
        Ancestry ancestry = new Ancestry(List.of(announced("a", "b"), announced("b", "a"), announced("d", "c")));

        // When / Then
        assertThat(ids(ancestry, "b")).containsExactly("b", "a");
        assertThat(ids(ancestry, "d")).containsExactly("d");
    }

    @Test
    void shouldFollowALongHistory() {
        // Given
        List<CheckpointAnnouncement> history = new ArrayList<>();
        for (int i = 0; i < LONG_HISTORY; i++) {
            history.add(announced("c" + i, i == 0 ? null : "c" + (i - 1)));
        }

        // When / Then
        assertThat(new Ancestry(history).chain(Optional.of("c" + (LONG_HISTORY - 1))))
                .hasSize(LONG_HISTORY);
    }

    private static List<String> ids(Ancestry ancestry, String id) {
        return ancestry.chain(Optional.of(id)).stream()
                .map(link -> link.checkpoint().id())
                .toList();
    }

    private static CheckpointAnnouncement announced(String id, String parent) {
        return new CheckpointAnnouncement(
                new CheckpointReference("sentiment", id, 1, "sentiment/" + id, "0"),
                parent,
                new OffsetRange(0, 0, 8),
                8,
                Map.of());
    }
}
