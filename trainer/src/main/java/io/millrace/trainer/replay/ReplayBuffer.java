package io.millrace.trainer.replay;

import io.millrace.schemas.LabelledExample;
import io.millrace.trainer.config.ReplayConfig;
import io.millrace.trainer.config.ReplayConfig.Sample;

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
 * A bounded sample of the stream so far. Uniform: reservoir sampling (Vitter, 1985), every example has the same chance to be kept. Per
 * class: class-balancing reservoir sampling (Chrysakis and Moens, ICML 2020), which gives room to a label from those that have most,
 * and samples uniformly within a label that has once been among them. What is kept follows from the examples and the generators alone.
 */
public final class ReplayBuffer {

    private final int capacity;
    private final Sample sample;
    private final List<LabelledExample> kept = new ArrayList<>();
    private final Map<String, Long> seen = new TreeMap<>();
    private final Set<String> full = new TreeSet<>();

    /**
     * What decides about the examples to come, besides those that are kept.
     *
     * @param seen how many examples of each label were offered
     * @param full labels that have been among the largest while the buffer was full
     */
    record Counts(Map<String, Long> seen, Set<String> full) {}

    /** An empty buffer. */
    public ReplayBuffer(ReplayConfig config) {
        this(config, new Counts(Map.of(), Set.of()), List.of());
    }

    ReplayBuffer(ReplayConfig config, Counts counts, List<LabelledExample> examples) {
        capacity = config.capacity();
        sample = config.sample();
        seen.putAll(counts.seen());
        full.addAll(counts.full());
        kept.addAll(examples.subList(0, Math.min(capacity, examples.size())));
    }

    /** Takes a trained example in, if it is chosen. */
    public void offer(LabelledExample example, RandomGenerator random) {
        seen.merge(example.label(), 1L, Long::sum);
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
        long all = seen.values().stream().mapToLong(Long::longValue).sum();
        long slot = random.nextLong(all);
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
            return anySlot(name -> room.get(name) == most, random);
        }
        double chance = room.getOrDefault(label, 0) / (double) seen.get(label);
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

    Counts counts() {
        return new Counts(seen, full);
    }
}
