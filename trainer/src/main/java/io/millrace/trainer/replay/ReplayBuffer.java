package io.millrace.trainer.replay;

import io.millrace.schemas.LabelledExample;
import io.millrace.trainer.config.ReplayConfig;
import io.millrace.trainer.config.ReplayConfig.Sample;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * A bounded sample of the stream so far. Uniform: reservoir sampling (Vitter, 1985), which keeps every example with the same probability.
 * Per class: class-balancing reservoir sampling (Chrysakis and Moens, ICML 2020). An example replaces one of a largest class; if its own
 * class has ever been a largest one, it is sampled uniformly within that class. The sample depends on the examples and the generators
 * alone.
 */
public final class ReplayBuffer {

    private final int capacity;
    private final Sample sample;
    private final List<LabelledExample> kept = new ArrayList<>();
    private long offered;
    /** Per class only: a regression may have as many labels as examples. */
    private final Map<String, Long> seen = new TreeMap<>();

    private final Set<String> full = new TreeSet<>();

    /**
     * The sampler's state, apart from the examples kept.
     *
     * @param offered how many examples were offered; null if {@code seen} says so
     * @param seen per class: how many examples of each label were offered; uniform: empty, except in files of earlier versions
     * @param full per class: labels that were among the largest while the buffer was full
     */
    record SamplerState(@Nullable Long offered, Map<String, Long> seen, Set<String> full) {

        SamplerState {
            seen = seen == null ? Map.of() : seen;
            full = full == null ? Set.of() : full;
        }

        private long sum() {
            return offered != null
                    ? offered
                    : seen.values().stream().mapToLong(Long::longValue).sum();
        }
    }

    /** An empty buffer. */
    public ReplayBuffer(ReplayConfig config) {
        this(config, new SamplerState(0L, Map.of(), Set.of()), List.of());
    }

    private ReplayBuffer(int capacity, Sample sample, long offered) {
        this.capacity = capacity;
        this.sample = sample;
        this.offered = offered;
    }

    ReplayBuffer(ReplayConfig config, SamplerState state, List<LabelledExample> examples) {
        this(config.capacity(), config.sample(), state.sum());
        kept.addAll(examples.subList(0, Math.min(capacity, examples.size())));
        if (sample == Sample.PER_CLASS) {
            seen.putAll(state.seen());
            full.addAll(state.full());
            if (seen.isEmpty()) {
                // It was a uniform sample before: each label gets its share of the examples offered.
                kept.forEach(example -> seen.merge(example.label(), 1L, Long::sum));
                seen.replaceAll((label, count) -> Math.max(count, count * offered / kept.size()));
            }
        }
    }

    /** A copy that later offers do not change. */
    public ReplayBuffer copy() {
        ReplayBuffer copy = new ReplayBuffer(capacity, sample, offered);
        copy.kept.addAll(kept);
        copy.seen.putAll(seen);
        copy.full.addAll(full);
        return copy;
    }

    /** Offers a trained example, which is kept if it is chosen. */
    public void offer(LabelledExample example, RandomGenerator random) {
        offered++;
        if (sample == Sample.PER_CLASS) {
            seen.merge(example.label(), 1L, Long::sum);
        }
        if (kept.size() < capacity) {
            kept.add(example);
            return;
        }
        int slot = sample == Sample.UNIFORM ? uniformSlot(random) : balancedSlot(example.label(), random);
        if (slot >= 0) {
            kept.set(slot, example);
        }
    }

    private int uniformSlot(RandomGenerator random) {
        long slot = random.nextLong(offered);
        return slot < capacity ? (int) slot : -1;
    }

    private int balancedSlot(String label, RandomGenerator random) {
        Map<String, Integer> room = new HashMap<>();
        kept.forEach(example -> room.merge(example.label(), 1, Integer::sum));
        int most = Collections.max(room.values());
        room.forEach((name, count) -> {
            if (count == most) {
                full.add(name);
            }
        });
        if (!full.contains(label)) {
            return anySlot(name -> room.getOrDefault(name, 0) == most, random);
        }
        double chance = room.getOrDefault(label, 0) / (double) seen.getOrDefault(label, 1L);
        return random.nextDouble() < chance ? anySlot(label::equals, random) : -1;
    }

    private int anySlot(Predicate<String> labelled, RandomGenerator random) {
        int[] slots = IntStream.range(0, kept.size())
                .filter(i -> labelled.test(kept.get(i).label()))
                .toArray();
        return slots[random.nextInt(slots.length)];
    }

    /** Draws examples without replacement: {@code count}, or all if there are fewer. */
    public List<LabelledExample> draw(int count, RandomGenerator random) {
        int size = kept.size();
        Set<Integer> chosen = new LinkedHashSet<>();
        // Floyd's algorithm: each subset has the same chance.
        for (int last = size - Math.min(count, size); last < size; last++) {
            int slot = random.nextInt(last + 1);
            chosen.add(chosen.contains(slot) ? last : slot);
        }
        return chosen.stream().map(kept::get).toList();
    }

    /** The examples kept, in the order of their slots. */
    public List<LabelledExample> examples() {
        return List.copyOf(kept);
    }

    SamplerState samplerState() {
        return sample == Sample.PER_CLASS
                ? new SamplerState(null, seen, full)
                : new SamplerState(offered, Map.of(), Set.of());
    }
}
