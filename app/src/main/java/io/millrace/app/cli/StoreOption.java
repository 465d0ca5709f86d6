package io.millrace.app.cli;

import io.millrace.app.config.MillraceConfig;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

import java.nio.file.Path;
import java.util.Optional;

/** Where the files of models are, for a command that can do without them. */
final class StoreOption {

    @Option(
            names = "--store",
            paramLabel = "DIR",
            description =
                    "The store, if it is not the one in the configuration: with local --data DIR it is DIR/store.")
    private @Nullable Path store;

    /** The one that was given, or that of the configuration; empty without either. */
    Optional<Path> or(BrokerOptions broker) {
        return Optional.ofNullable(store).or(() -> broker.config().map(MillraceConfig::store));
    }
}
