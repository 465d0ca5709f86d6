package io.millrace.trainer.learner;

import io.millrace.encoder.TextEncoder;
import io.millrace.encoder.torchscript.ComputeThreads;
import io.millrace.trainer.config.TrainingConfig;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * The threads that compute the parts of a mini-batch, one each. The matrices of short texts are too small to divide the work on each over
 * several threads; halves of a mini-batch are not. Each part has a thread of its own with one compute thread, so the numbers follow from
 * the number of parts, not from that of cores. A single part runs on the caller's thread with all compute threads.
 */
final class Shards implements AutoCloseable {

    private static final int MOST = 8;
    private static final int LEAST_EXAMPLES = 4;

    private final List<ExecutorService> threads = new ArrayList<>();

    Shards(int count) {
        if (count > 1) {
            for (int i = 0; i < count; i++) {
                threads.add(Executors.newSingleThreadExecutor(Shards::thread));
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

    /**
     * How many parts a configuration means: by default as many as there are compute threads, up to {@value #MOST}, and not so many that a part has
     * less than {@value #LEAST_EXAMPLES} examples. One on a GPU, and for an encoder that cannot be trained in parts.
     */
    static int count(TrainingConfig config, TextEncoder encoder) {
        if (encoder.manager().getDevice().isGpu() || !encoder.isDivisible()) {
            return 1;
        }
        Integer configured = config.batching().shards();
        return configured != null
                ? configured
                : Math.max(
                        1,
                        Math.min(
                                Math.min(MOST, ComputeThreads.count()),
                                config.batching().batchSize() / LEAST_EXAMPLES));
    }

    /** How many parts a mini-batch has at most. */
    int count() {
        return Math.max(1, threads.size());
    }

    /**
     * Does something for each part, at once, and waits for all.
     *
     * @param parts how many, at most {@link #count}
     */
    <T> List<T> run(int parts, IntFunction<T> work) {
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
