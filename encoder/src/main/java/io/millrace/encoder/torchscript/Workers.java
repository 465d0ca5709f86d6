package io.millrace.encoder.torchscript;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * Threads that compute the parts of a step, one each. The matrices of short texts are too small to divide the work on each over
 * several threads; halves of a mini-batch are not. Each part has a thread of its own with one compute thread, so the numbers follow from
 * the number of parts, not from that of cores. A single part runs on the caller's thread with all compute threads.
 */
public final class Workers implements AutoCloseable {

    /** No threads: everything runs on the caller's. */
    public static final Workers CALLER = new Workers(1);

    private final List<ExecutorService> threads = new ArrayList<>();

    /**
     * Starts the threads.
     *
     * @param count how many; for one there is no thread
     */
    public Workers(int count) {
        if (count > 1) {
            for (int i = 0; i < count; i++) {
                threads.add(Executors.newSingleThreadExecutor(Workers::thread));
            }
            ComputeThreads.keepingThatOfOthers(() -> run(count, part -> {
                ComputeThreads.one();
                return part;
            }));
        }
    }

    private static Thread thread(Runnable work) {
        Thread thread = new Thread(work, "shard");
        thread.setDaemon(true);
        return thread;
    }

    /** Into how many parts work can be divided at most. */
    public int count() {
        return Math.max(1, threads.size());
    }

    /**
     * Does something for each part, at once, and waits for all. Parts must not give the same array to a kernel.
     *
     * @param parts how many, at most {@link #count}
     */
    public <T> List<T> run(int parts, IntFunction<T> work) {
        if (threads.isEmpty()) {
            return IntStream.range(0, parts).mapToObj(work).toList();
        }
        List<Future<T>> running = IntStream.range(0, parts)
                .mapToObj(part -> threads.get(part).submit(() -> work.apply(part)))
                .toList();
        List<T> done = new ArrayList<>();
        RuntimeException failed = null;
        for (Future<T> one : running) {
            try {
                done.add(wait(one));
            } catch (RuntimeException e) {
                // The others may still read what the caller frees.
                failed = failed == null ? e : failed;
            }
        }
        if (failed != null) {
            throw failed;
        }
        return done;
    }

    /** What is done with the items from {@code from} up to {@code to}. */
    @FunctionalInterface
    public interface OverRange<T> {
        T of(int from, int to);
    }

    /**
     * Divides items into consecutive ranges of about the same cost, one per thread, and does something for each range, at once.
     *
     * @param costs of each item, in any unit
     * @return the results in the order of the ranges
     */
    public <T> List<T> overRanges(long[] costs, OverRange<T> work) {
        List<Integer> ends = ends(costs, count());
        return run(ends.size(), range -> work.of(range == 0 ? 0 : ends.get(range - 1), ends.get(range)));
    }

    private static List<Integer> ends(long[] costs, int ranges) {
        long all = LongStream.of(costs).sum();
        List<Integer> ends = new ArrayList<>();
        long before = 0;
        for (int item = 0; item < costs.length; item++) {
            before += costs[item];
            // An item belongs to the range that holds its middle.
            boolean isFull = (before + (item + 1 < costs.length ? costs[item + 1] : 0) / 2.0) * ranges
                    > (ends.size() + 1.0) * all;
            if (isFull || item + 1 == costs.length) {
                ends.add(item + 1);
            }
        }
        return ends;
    }

    /** A step that has begun is ended: it takes less than a second, and its memory can only be freed then. */
    private static <T> T wait(Future<T> running) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return running.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                } catch (ExecutionException e) {
                    throw e.getCause() instanceof RuntimeException cause
                            ? cause
                            : new CompletionException(e.getCause());
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public void close() {
        threads.forEach(ExecutorService::shutdown);
    }
}
