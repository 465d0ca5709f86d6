package io.millrace.app.cli;

import io.millrace.app.broker.EmbeddedBroker;
import io.millrace.app.config.DataDirectory;
import io.millrace.app.config.MillraceConfig;
import io.millrace.schemas.kafka.KafkaConnection;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;

/** Where the recorded topics and checkpoints are: on a running broker, or in the data directory of a local run. */
final class HistoryOptions {

    /** The configuration that the demo writes into its data directory. */
    private static final String OWN_CONFIG = "millrace.yaml";

    @Spec(Target.MIXEE)
    private CommandSpec spec;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "The configuration: the broker, the store and the tasks.")
    private @Nullable Path config;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "A data directory of demo or local that no process is using: its topics and its store."
                    + " With a kafka.prefix give --config too.")
    private @Nullable Path data;

    private @Nullable MillraceConfig read;

    /** The topics and the store that a command reads; closing it stops the broker that was started for it. */
    record Opened(KafkaConnection kafka, Path store, Optional<EmbeddedBroker> broker) implements AutoCloseable {

        @Override
        public void close() {
            broker.ifPresent(EmbeddedBroker::close);
        }
    }

    /** Opens topics and store. */
    Opened open() throws InterruptedException {
        if (data == null) {
            MillraceConfig running = configuration();
            BrokerOptions.requireBroker(running.kafka());
            return new Opened(running.kafka(), running.store(), Optional.empty());
        }
        Path directory = data;
        return openData(spec, directory, () -> prefix(directory));
    }

    /** The same of a data directory alone; the prefix is that of the configuration in it. */
    static Opened openData(CommandSpec spec, Path data) {
        Path own = data.resolve(OWN_CONFIG);
        return openData(
                spec,
                data,
                () -> Files.exists(own) ? MillraceConfig.read(own).kafka().prefix() : "");
    }

    private static Opened openData(CommandSpec spec, Path data, Supplier<String> prefix) {
        DataDirectory directory = new DataDirectory(data);
        if (!Files.isDirectory(directory.broker())) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--data " + data + " is no data directory: it has no "
                            + directory.broker().getFileName()
                            + ". Give the directory that demo or local was started with.");
        }
        EmbeddedBroker broker = EmbeddedBroker.start(directory.broker(), 0);
        return new Opened(broker.connection().withPrefix(prefix.get()), directory.store(), Optional.of(broker));
    }

    /** The prefix in the configuration, if there is a configuration: a data directory may have none. */
    private String prefix(Path directory) {
        return config != null || Files.exists(directory.resolve(OWN_CONFIG))
                ? configuration().kafka().prefix()
                : "";
    }

    /** The configuration: the one that was given, or that of the data directory. It is read once: it may come from a pipe. */
    MillraceConfig configuration() {
        MillraceConfig known = read;
        if (known != null) {
            return known;
        }
        Path file = config == null && data != null ? data.resolve(OWN_CONFIG) : config;
        if (file == null) {
            throw new ParameterException(spec.commandLine(), "give --config FILE, --data DIR, or both");
        }
        MillraceConfig configuration = MillraceConfig.read(file);
        read = configuration;
        return configuration;
    }
}
