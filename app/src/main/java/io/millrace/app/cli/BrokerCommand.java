package io.millrace.app.cli;

import io.millrace.schemas.kafka.KafkaConnection;

import java.util.Optional;

/** A command that talks to a broker. If the broker denies access, the advice uses the names of this connection. */
interface BrokerCommand {

    /** The connection, as soon as it is known. */
    Optional<KafkaConnection> kafka();
}
