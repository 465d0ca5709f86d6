package io.millrace.trainer.lineage;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.CheckpointAnnouncement;
import io.millrace.schemas.OffsetRange;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

import java.util.ArrayList;
import java.util.List;

/** Whatever the ranges are: a lineage that tiles is proven, and one with a fault in any place is not. */
class PlantedFaultPropertyTest {

    @Property(seed = "1")
    void shouldProveRangesThatTile(@ForAll @Size(min = 1, max = 20) List<@IntRange(min = 1, max = 500) Integer> sizes) {
        assertThat(faults(chain(sizes))).isEmpty();
    }

    @Property(seed = "1")
    void shouldFindAMissingRange(
            @ForAll @Size(min = 2, max = 20) List<@IntRange(min = 1, max = 500) Integer> sizes,
            @ForAll @IntRange(max = 18) int place) {
        // Given
        List<CheckpointAnnouncement> chain = chain(sizes);

        // When
        chain.remove(place % (sizes.size() - 1));

        // Then
        assertThat(faults(chain)).isNotEmpty();
    }

    @Property(seed = "1")
    void shouldFindARangeThatBeginsElsewhere(
            @ForAll @Size(min = 2, max = 20) List<@IntRange(min = 2, max = 500) Integer> sizes,
            @ForAll @IntRange(max = 18) int place,
            @ForAll boolean early) {
        // Given
        List<CheckpointAnnouncement> chain = chain(sizes);
        int victim = 1 + place % (sizes.size() - 1);
        CheckpointAnnouncement whole = chain.get(victim);

        // When
        long first = whole.offsets().first() + (early ? -1 : 1);
        long next = whole.offsets().next();
        chain.set(victim, SampleAnnouncement.of(whole.checkpoint().id(), whole.parent(), first, next));

        // Then
        assertThat(faults(chain)).isNotEmpty();
    }

    @Property(seed = "1")
    void shouldFindACountThatIsNotThatOfTheRange(
            @ForAll @Size(min = 1, max = 20) List<@IntRange(min = 1, max = 500) Integer> sizes,
            @ForAll @IntRange(max = 19) int place,
            @ForAll boolean fewer) {
        // Given
        List<CheckpointAnnouncement> chain = chain(sizes);
        int victim = place % sizes.size();
        CheckpointAnnouncement whole = chain.get(victim);

        // When
        OffsetRange offsets = whole.offsets();
        chain.set(
                victim,
                SampleAnnouncement.of(
                        whole.checkpoint().id(), whole.parent(), offsets, whole.examples() + (fewer ? -1 : 1)));

        // Then
        assertThat(faults(chain)).hasSize(1);
    }

    private static List<CheckpointAnnouncement> chain(List<Integer> sizes) {
        List<CheckpointAnnouncement> chain = new ArrayList<>();
        long first = 0;
        for (int i = 0; i < sizes.size(); i++) {
            chain.add(SampleAnnouncement.of("c" + i, i == 0 ? null : "c" + (i - 1), first, first + sizes.get(i)));
            first += sizes.get(i);
        }
        return chain;
    }

    private static List<String> faults(List<CheckpointAnnouncement> chain) {
        Chain proof = Chain.of(chain);
        Coverage coverage = new Coverage();
        long last = chain.get(chain.size() - 1).offsets().next();
        for (long offset = 0; offset < last; offset++) {
            coverage.accepted(offset, Long.toString(offset));
        }
        coverage.check(proof.links());
        List<String> faults = new ArrayList<>(proof.faults());
        faults.addAll(coverage.faults());
        return faults;
    }
}
