package io.millrace.app.cli;

import io.millrace.app.broker.EmbeddedBroker;
import io.millrace.app.config.DataDirectory;
import io.millrace.app.log.LogSettings;
import io.millrace.app.service.ShutdownHook;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;

/** {@code millrace broker}. */
@Command(
        name = "broker",
        description = {
            "Run a Kafka broker alone, until Ctrl-C or SIGTERM: to try the services as separate processes.",
            "It listens on 127.0.0.1 only, without TLS or login. A second start on the same directory has all records again."
        })
public final class EmbeddedBrokerCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            defaultValue = "millrace-data",
            description = "Directory of the broker; default millrace-data.")
    private Path data;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            defaultValue = "9092",
            description =
                    "Port of the broker on 127.0.0.1; 0 for any free one. Default 9092, where the commands look for it.")
    private int port;

    @Override
    public Integer call() throws Exception {
        Requirements.port(spec, "--port", port);
        Requirements.directory(spec, "--data", data);
        DataDirectory directory = new DataDirectory(data);
        LogSettings.file(directory.logFile());
        try (ShutdownHook stop = new ShutdownHook();
                EmbeddedBroker broker = EmbeddedBroker.start(directory.broker(), port)) {
            print(directory, broker.connection().bootstrapServers());
            stop.await(new CompletableFuture<>());
        }
        return 0;
    }

    private void print(DataDirectory directory, String address) {
        PrintWriter out = spec.commandLine().getOut();
        out.println("broker  " + address);
        out.println("data    " + directory.broker());
        out.println("log     " + directory.logFile());
        out.println("Ctrl-C ends it.");
        out.println();
        out.println(
                "In other terminals, with a millrace.yaml that says kafka: {bootstrapServers: \"" + address + "\"}:");
        for (String service : new String[] {"ingest", "trainer", "evaluator"}) {
            out.println("  ./millrace " + service + " --config millrace.yaml");
        }
        out.println("  ./millrace produce FILE --task TASK --config millrace.yaml");
        out.println("  ./millrace tail model-updates --config millrace.yaml");
        out.println("./millrace init writes a millrace.yaml for a file of your examples.");
    }
}
