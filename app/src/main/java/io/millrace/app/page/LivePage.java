package io.millrace.app.page;

import com.sun.net.httpserver.HttpHandler;
import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.app.config.MillraceConfig;
import io.millrace.app.page.view.PageView;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.trainer.TrainerListener;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The live page of a process. It shows what the topics say that the process's user may read, and what the process itself knows: its
 * meters and, of a trainer, every step.
 */
public final class LivePage implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(LivePage.class);

    private final PageView view;
    private final ModelTrial trial;
    private final EventClients clients;
    private final RequestGuard guard;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread clock = new Thread(this::tick, "page-clock");
    private @Nullable PageFeed feed;

    /**
     * A page that reads no topic yet.
     *
     * @param service name of the process: {@code ingest}, {@code trainer}, {@code evaluator} or {@code local}
     * @param registry the meters of the process
     */
    public LivePage(String service, MillraceConfig config, MeterRegistry registry) {
        view = new PageView(service, config.ingestedTasks(), registry);
        trial = new ModelTrial(config.store());
        clients = new EventClients(UUID.randomUUID().toString(), view::version);
        guard = new RequestGuard(config.metrics().host());
        clock.setDaemon(true);
        clock.start();
    }

    /** Starts to read the topics, once they exist. */
    public void follow(KafkaConnection kafka) {
        PageFeed started = new PageFeed(kafka, view);
        feed = started;
        started.start();
    }

    /** Receives every step of a trainer in this process. */
    public TrainerListener steps() {
        return view;
    }

    /** The state behind the page. */
    PageView view() {
        return view;
    }

    /** Answers every request but those of the metrics. */
    public HttpHandler handler() {
        return new PageHandler(view, trial, clients, guard);
    }

    private void tick() {
        try {
            while (!closing.await(1, TimeUnit.SECONDS)) {
                try {
                    view.look();
                    clients.turn();
                    trial.turn();
                } catch (RuntimeException e) {
                    // Thrown further, it would end the clock, and the page would stand still.
                    LOG.warn("The page missed a second", e);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        closing.countDown();
        clients.close();
        PageFeed reading = feed;
        if (reading != null) {
            reading.close();
        }
        trial.close();
    }
}
