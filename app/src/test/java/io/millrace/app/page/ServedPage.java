package io.millrace.app.page;

import io.millrace.app.config.MetricsConfig;
import io.millrace.app.config.PageAccess;
import io.millrace.app.metrics.MetricsEndpoint;
import io.millrace.app.metrics.ProcessMetrics;
import io.millrace.app.page.view.PageEvents;
import io.millrace.app.page.view.PageView;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;

/** A page on a free port of this machine, without a broker: tests fold what they want to see. */
final class ServedPage implements AutoCloseable {

    private final ProcessMetrics metrics = new ProcessMetrics("local");
    private final PageView view = new PageView(
            "local", List.of(PageEvents.task(PageEvents.TASK), PageEvents.task("topics")), metrics.registry());
    private final EventClients clients = new EventClients("run", view::version);
    private final ModelTrial trial;
    private final MetricsEndpoint endpoint;

    /** Serves the page; its models are in {@code store}. */
    ServedPage(Path store) {
        trial = new ModelTrial(store);
        PageHandler handler = new PageHandler(view, trial, clients, new RequestGuard("127.0.0.1"));
        endpoint = MetricsEndpoint.start(
                new MetricsConfig("127.0.0.1", 0, PageAccess.LOOPBACK),
                new MetricsEndpoint.Served(metrics.registry(), () -> true, handler));
    }

    PageView view() {
        return view;
    }

    EventClients clients() {
        return clients;
    }

    /** What the clock of the page does once per second. */
    void turn() {
        view.look();
        clients.turn();
    }

    URI at(String path) {
        return URI.create(endpoint.page().orElseThrow()).resolve(path);
    }

    int port() {
        return endpoint.port();
    }

    @Override
    public void close() {
        clients.close();
        trial.close();
        endpoint.close();
        metrics.close();
    }
}
