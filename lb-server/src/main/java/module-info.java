/** The balancer as a program: its configuration in YAML, checked as a whole. */
module io.lb4j.server {
    requires transitive io.lb4j.core;
    requires org.snakeyaml.engine;
    requires static transitive org.jspecify;

    exports io.lb4j.server;
}
