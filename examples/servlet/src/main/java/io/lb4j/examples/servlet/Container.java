package io.lb4j.examples.servlet;

import java.nio.file.Path;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.core.StandardContext;
import org.apache.catalina.startup.Tomcat;

/**
 * A servlet container, with a web application that has a {@linkplain BalancerListener balancer} before the container's own port: so it gets HTTP/2,
 * limits, retries, and plugins that the container does not have.
 *
 * <pre>
 * examples/run servlet [PORT]
 * curl -i http://localhost:8080/hello
 * curl -i --http2-prior-knowledge http://localhost:8080/hello
 * </pre>
 */
public final class Container implements AutoCloseable {
    private final Tomcat tomcat = new Tomcat();
    private final Connector connector = new Connector();

    private Container(Path folder) throws LifecycleException {
        tomcat.setBaseDir(folder.toString());
        connector.setProperty("address", "127.0.0.1");
        connector.setPort(0);
        tomcat.setConnector(connector);
        tomcat.start();
    }

    /** Runs until the process is told to end. */
    public static void main(String... words) throws LifecycleException {
        Container container = start(Path.of(System.getProperty("java.io.tmpdir"), "lb4j-example-servlet"));
        container.deploy(words.length == 0 ? 8080 : Integer.parseInt(words[0]));
        Runtime.getRuntime().addShutdownHook(new Thread(container::close));
        container.tomcat.getServer().await();
    }

    /** Starts a container without any application, on a free port of the loopback interface; the folder is for its files. */
    static Container start(Path folder) throws LifecycleException {
        return new Container(folder);
    }

    /**
     * Deploys the application, as a container does with an archive that has all this in its {@code web.xml}.
     *
     * @param port that its balancer listens on; 0 for one that is free
     * @throws IllegalStateException if its balancer cannot be started; the container's log says why
     */
    Context deploy(int port) {
        StandardContext application = new StandardContext();
        application.setName("hello");
        application.setPath("");
        application.addLifecycleListener(new Tomcat.FixContextListener());
        application.addParameter("balancer.port", Integer.toString(port));
        application.addParameter("balancer.endpoint", "127.0.0.1:" + connector.getLocalPort());
        application.addApplicationListener(BalancerListener.class.getName());
        Tomcat.addServlet(application, "hello", new HelloServlet()).addMapping("/hello");
        tomcat.getHost().addChild(application);
        if (!application.getState().isAvailable()) {
            undeploy(application);
            throw new IllegalStateException("the application could not be deployed");
        }
        return application;
    }

    /** Takes the application away. */
    void undeploy(Context application) {
        tomcat.getHost().removeChild(application);
    }

    @Override
    public void close() {
        try {
            tomcat.stop();
            tomcat.destroy();
        } catch (LifecycleException e) {
            throw new IllegalStateException("the container does not end", e);
        }
    }
}
