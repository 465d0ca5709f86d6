package io.millrace.trainer.monitor;

import io.millrace.trainer.config.TrainedTask;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Warns once that texts of a task are longer than {@code batching.maxTokens}, with their share: as soon as {@value #ENOUGH} texts have
 * been seen and one of them was cut, or with the first cut after that.
 */
public final class TruncatedTexts {

    static final int ENOUGH = 100;

    private static final Logger LOG = LoggerFactory.getLogger(TruncatedTexts.class);

    private final String task;
    private final int maxTokens;
    private long seen;
    private long cut;
    private boolean warned;

    public TruncatedTexts(TrainedTask trained) {
        this.task = trained.task().name();
        this.maxTokens = trained.training().batching().maxTokens();
    }

    /** Counts the texts of one mini-batch; returns whether it warned. */
    public boolean add(int texts, int truncated) {
        seen += texts;
        cut += truncated;
        if (warned || cut == 0 || seen < ENOUGH) {
            return false;
        }
        warned = true;
        LOG.warn(
                "task {}: {} of the first {} texts ({} %) are longer than batching.maxTokens {} and lose their end. Raise it if the end"
                        + " of a text matters; millrace.trainer.truncated counts them",
                task, cut, seen, Math.max(1, Math.round(100.0 * cut / seen)), maxTokens);
        return true;
    }
}
