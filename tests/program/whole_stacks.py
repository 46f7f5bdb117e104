"""Stack files that say every key, each with a value that nothing else has.

So whatever the program exchanges, drops or makes up shows in what it registers. `MADE` makes all
that there is, `GIVEN` uses what exists wherever that can be said, `BASIC` is what those two can't
be at once: the older edition of the CEN, a gateway that two topologies share, addresses that are
seen on the server.
"""

from pathlib import Path

from tests.topologies.functions import CODE


def _with_code(text: str) -> str:
    return text.replace("code: code", f"code: {Path(__file__).resolve().parents[2] / CODE}")


MADE = _with_code("""\
config:
  alicloud:region: cn-shanghai
  alicloud-gateways:topology:
    [shared-bandwidth, unified-egress, cross-region, functions, api-gateway]
  alicloud-gateways:tier: development
  alicloud-gateways:tags: {team: shop}
  alicloud-gateways:network:
    vpc: {cidr: 10.1.0.0/16, name: the-vpc}
    vswitches:
      g: {cidr: 10.1.1.0/24, zone: cn-shanghai-g, name: the-vswitch, was: old-g}
      e: {cidr: 10.1.2.0/24, zone: cn-shanghai-e}
    hosts:
      made:
        ip: 10.1.1.10
        vswitch: g
        was: built
        instance:
          {type: ecs.g7.large, image: made.vhd, keyPair: ops, disk: cloud_auto}
      grouped:
        ip: 10.1.2.10
        vswitch: e
        instance: {type: ecs.g7.xlarge, image: grouped.vhd, securityGroups: [sg-1, sg-2]}
      known: {ip: 10.1.1.11, vswitch: g, instanceId: i-known, eniQuantity: 3}
      plain: {ip: 10.1.2.11, vswitch: e}
  alicloud-gateways:networks:
    back:
      was: behind
      vpc: {cidr: 10.3.0.0/16, name: the-back}
      vswitches:
        c: {cidr: 10.3.2.0/24, zone: cn-shanghai-g}
        b: {cidr: 10.3.1.0/24, zone: cn-shanghai-e}
      hosts: {behind: {ip: 10.3.1.10, vswitch: b, instanceId: i-behind}}
    north:
      region: cn-zhangjiakou
      vpc: {cidr: 10.2.0.0/16}
      vswitches:
        na: {cidr: 10.2.1.0/24, zone: cn-zhangjiakou-a}
        nb: {cidr: 10.2.2.0/24, zone: cn-zhangjiakou-b}
        nc: {cidr: 10.2.3.0/24, zone: cn-zhangjiakou-a}
      hosts:
        away: {ip: 10.2.1.10, vswitch: na, instance: {type: ecs.g7.large, image: away.vhd}}
  alicloud-gateways:alarms:
    busy:
      watch: sessions
      above: 1500000
      section: sharedBandwidth
      contactGroups: [ops, on-call]
      period: 120
      times: 5
      silence: 3600
      level: critical
      was: crowded
    idle: {watch: bandwidthIn, below: 0.5, section: unifiedEgress, contactGroups: [dev]}
    slow: {watch: apiLatency, above: 2000, apis: [http], contactGroups: [dev]}
  alicloud-gateways:flowLogs:
    refused: {project: own, store: refused, traffic: Drop, interval: 5, was: dropped}
    north: {project: north, store: all, network: north}
    one: {project: north, store: one, vswitch: nb, traffic: Allow}
  alicloud-gateways:sharedBandwidth:
    bandwidth: 150
    bandwidthPackage: {name: the-package, description: One for all, chargeType: PayByTraffic}
    natGateway: {name: the-gateway, description: The first one, vswitch: g, lanes: 2}
    publicIps:
      front: {name: the-front, description: Where the shop is, was: door}
      whole: {}
      out-1: {}
      out-2: {}
      later: {spare: true}
    portMappings:
      all: {publicIp: whole, host: made, acknowledged: true}
      web: {publicIp: front, port: 80, host: made, hostPort: 8080, name: the-web, was: site}
      voice: {publicIp: front, port: 9000-9002, protocol: udp, host: known, hostPort: 7000-7002}
      same: {publicIp: front, port: 1024, protocol: udp, host: known}
      high: {publicIp: front, port: 1025, protocol: tcp, host: grouped}
    egress:
      two: {vswitch: g, publicIps: [out-2, out-1], name: the-way-out, was: one}
      some: {cidr: 10.1.2.0/25, publicIps: [out-2]}
      more: {cidr: 10.1.2.128/25, publicIps: [out-1]}
  alicloud-gateways:unifiedEgress:
    natGateway: {vswitch: e, name: the-second, description: The second one, lanes: 2}
    bandwidth: 100
    bandwidthPackage: {description: One for the servers}
    publicIps:
      away-1: {name: the-away, description: Where servers leave, was: gone}
      away-2: {}
      seen: {}
      seen-too: {}
      idle: {spare: true}
    egress:
      office: {vswitch: e, publicIps: [away-2, away-1], name: the-office, was: bureau}
      shop: {cidr: 10.1.1.0/25, publicIps: [away-1]}
      rest: {cidr: 10.1.1.128/25, publicIps: [away-2]}
    servers:
      placed:
        host: grouped
        publicIp: seen
        secondaryPublicIps: {seen-too: 10.1.2.22}
        eni: {vswitch: e, ip: 10.1.2.21, secondaryIps: [10.1.2.23, 10.1.2.22], name: the-eni}
        reachable:
          https: {port: 443}
          voice: {port: 5000-5001, protocol: udp}
          ssh: {port: 2222, source: 203.0.113.0/24, acknowledged: true}
        ssh: {user: ops, port: 2222}
        routeTable: 109
        was: put
  alicloud-gateways:crossRegion:
    cen: {name: the-cen}
    attachments:
      line: {dataCenter: lined}
      main: {vswitches: [g, e], was: primary}
      behind: {network: back}
      far: {network: north, vswitches: [nb, nc]}
    links: {far: {regions: [cn-shanghai, cn-zhangjiakou], bandwidth: 3, was: north}}
    bandwidthPackage: {bandwidth: 20}
    services:
      logs: {range: 100.104.3.0/26, attachment: main}
      second-gateway: {range: 100.104.0.0/26, attachment: behind}
      gateway: {range: 100.104.1.0/26, attachment: behind, was: api}
      backups: {range: 100.104.2.0/26, attachment: main}
      storage: {range: 100.104.4.0/26, attachment: far}
    dataCenters:
      lined: {ranges: {servers: 172.16.0.0/24}, vbr: vbr-1, region: cn-shanghai, was: cabled}
      office:
        was: desk
        ranges: {desks: 172.17.0.0/24, phones: 172.18.0.0/24}
        vpn:
          vswitch: g
          backupVswitch: e
          device: 203.0.113.10
          preSharedKey: {secure: v1:bm9uY2U=:Y2lwaGVydGV4dA==}
          bandwidth: 50
      branch:
        ranges: {shops: 172.19.0.0/24}
        vpn:
          gateway: vpn-branch
          vswitch: b
          backupVswitch: c
          device: 203.0.113.11
          preSharedKey: {secure: v1:bm9uY2U=:Y2lwaGVydGV4dA==}
  alicloud-gateways:functions:
    near:
      code: code
      handler: index.handler
      runtime: python3.10
      name: the-function
      description: Where a number is from
      memory: 1024
      disk: 10240
      concurrency: 10
      logs: {project: shop-logs, store: functions}
      cpu: 0.5
      timeout: 7
      environment: {MODE: fast, APP_CODE: {secure: v1:bm9uY2U=:Y2lwaGVydGV4dA==}}
      network: {vswitches: [e, g]}
      calls: {SHOP_URL: http}
      was: close
    far:
      code: code
      network: {vswitches: [na], securityGroup: sg-far}
      role: acs:ram::123456789012:role/far
      internetAccess: false
      calls: {THERE_URL: root, LATER_URL: later}
    alone: {code: code}
  alicloud-gateways:apiGateway:
    stage: PRE
    instance:
      name: the-instance
      spec: api.s1.small
      httpsPolicy: HTTPS1_1_TLS1_0
      zone: cn-shanghai-MAZ1(b,e)
      ingress: {vswitch: b, ownerId: '123456789012'}
      selfCall: true
      acl:
        name: the-list
        mode: deny
        entries:
          bad: {cidr: 203.0.113.0/24, comment: crawlers, was: worse}
          other: {cidr: 198.51.100.0/24}
    groups:
      inner: {description: For the shop, basePath: /shop, intranet: true, was: within}
      outer: {selfCallDomain: 17ff-cn-shanghai-intranet.alicloudapi.com}
    apps:
      site: {description: The website, was: page}
      batch: {}
    loadBalancers:
      lb: {vswitch: g, port: 82, protocol: http, servers: {made: 8082, known: 8083}, was: spread}
      back: {vswitch: c, port: 87, servers: {behind: 8087}}
    vpcAccess:
      host: {host: made, port: 81, was: server}
      balanced: {loadBalancer: lb, port: 82}
      balanced-back: {loadBalancer: back, port: 87}
      other-host: {host: behind, port: 83}
      address: {instanceId: 10.3.1.99, network: back, port: 84}
      elsewhere: {instanceId: i-elsewhere, vpc: vpc-elsewhere, port: 85}
      own: {instanceId: i-own, port: 86}
      lined: {instanceId: 172.16.0.9, network: back, port: 88}
      branch: {instanceId: 172.19.0.9, network: back, port: 89}
      phones: {instanceId: 172.18.0.9, network: back, port: 90}
    plugins:
      sign:
        name: the_signature
        description: Signs what goes out
        was: stamp
        backendSignature:
          type: APIGW_FRONTEND
          key: {secure: v1:bm9uY2U=:Y2lwaGVydGV4dA==}
          secret: {secure: v1:bm9uY2U=:Y2lwaGVydGV4dA==}
      route:
        routing:
          parameters: {tenant: "Header:X-Tenant"}
          routes:
            - name: green
              condition: "$tenant = 'green'"
              backend: {vpc: {access: other-host, path: /green}}
            - name: blue
              condition: "$tenant = 'blue'"
              backend: {vpc: {access: address}}
            - name: few
              condition: "$tenant = 'new'"
              weight: 10
              backend: {http: {address: "https://few.example.com"}}
            - name: many
              condition: "$tenant = 'new'"
              weight: 50
              backend: {http: {address: "https://many.example.com", path: /many}}
            - name: itself
              condition: "$tenant = 'own'"
              backend: {selfCall: {group: outer, path: /orders, method: GET}}
            - name: keeping
              condition: "$tenant = 'kept'"
              backend: {selfCall: {group: outer, method: GET}}
            - name: nobody
              condition: "$tenant = 'gone'"
              backend: {mock: {status: 410}}
      limits: {trafficControl: {unit: SECOND, apiDefault: 10}}
      ask:
        remoteAuth:
          parameters: {statusCode: StatusCode, level: "Header:X-Level"}
          authUri:
            {address: "https://auth.example.com:8443", path: /auth, timeout: 7005, method: PUT}
          passThroughBody: true
          passThroughPath: true
          cachedTimeBySecond: 11
          trimAuthorizationHeaderPrefix: true
          authParameters:
            - targetParameterName: token
              sourceParameterName: Authorization
              targetLocation: form
              sourceLocation: header
          successCondition: "${statusCode} = 200 and $level > 2"
          errorMessage: Not you
          errorStatusCode: 403
          errorPassThroughHeaderList: [X-Reason, X-Hint]
    accessLog: {project: shop-logs, store: calls}
    apis:
      http:
        group: inner
        method: POST
        path: /users/[id]
        description: Orders of a user
        protocol: http,https
        apps: [site, batch]
        plugins: [route, limits]
        parameters:
          id:
            {in: path, required: true, type: int, description: Whose, backendName: user,
             backendIn: header}
          page: {in: query, default: "1"}
          X-Tenant: {in: header}
          size: {in: form, type: long}
        constants:
          host: {in: header, value: shop.example.com, description: Its name}
          key: {in: query, value: {secure: v1:bm9uY2U=:Y2lwaGVydGV4dA==}}
        systemParameters:
          CaClientIp: {in: query, backendName: ip}
          CaDomain: {in: header, backendName: domain}
        replayProtection: true
        acknowledged: true
        was: orders
        backend: {http: {url: "http://shop.example.com:8080/orders", method: PUT}, timeout: 7001}
      vpc:
        group: outer
        method: GET
        path: /vpc
        auth: anonymous
        mode: passthrough
        acknowledged: true
        backend: {vpc: {access: balanced, path: /app, method: HEAD, scheme: https}, timeout: 7002}
      function:
        group: outer
        method: PUT
        path: /near
        bodyFormat: stream
        apps: [batch]
        appCode: header-query
        plugins: [sign, ask]
        backend: {function: {function: near, qualifier: canary}, timeout: 7003}
      called:
        group: outer
        method: GET
        path: /orders
        protocol: http
        acknowledged: true
        apps: [site]
        backend:
          function: {function: theirs, role: "acs:ram::123456789012:role/theirs"}
      later:
        group: inner
        method: DELETE
        path: /later
        apps: [site]
        backend: {mock: {result: soon}}
      to-host: &inside
        group: inner
        method: GET
        path: /to-host
        apps: [site]
        backend: {vpc: {access: host, path: /inside}}
      to-balancer:
        <<: *inside
        path: /to-balancer
        backend: {vpc: {access: balanced-back, path: /inside}}
      to-address:
        <<: *inside
        path: /to-address
        backend: {vpc: {access: address, path: /inside}}
      to-line:
        <<: *inside
        path: /to-line
        backend: {vpc: {access: lined, path: /inside}}
      to-branch:
        <<: *inside
        path: /to-branch
        backend: {vpc: {access: branch, path: /inside}}
      to-phones:
        <<: *inside
        path: /to-phones
        backend: {vpc: {access: phones, path: /inside}}
      root:
        group: inner
        method: GET
        path: /
        apps: [site]
        backend: {http: {url: "https://shop.example.com"}}
        release:
          traffic: some
          who: {sources: [203.0.113.0/24], apps: [site]}
          to: {vpc: {access: elsewhere, path: /new, method: GET, timeout: 7004}}
        samples: {office: {clientIp: 203.0.113.7, reaches: release}}
""")

GIVEN = _with_code("""\
config:
  alicloud:region: cn-shanghai
  alicloud-gateways:topology:
    [shared-bandwidth, unified-egress, cross-region, functions, api-gateway]
  alicloud-gateways:tier: production
  alicloud-gateways:network:
    vpc: {id: vpc-1, routeTable: vtb-1}
    vswitches:
      e: {id: vsw-2, cidr: 10.1.2.0/24, zone: cn-shanghai-e}
      g: {id: vsw-1, cidr: 10.1.1.0/24, zone: cn-shanghai-g}
    hosts:
      one: {ip: 10.1.1.10, vswitch: g, instanceId: i-1, eniQuantity: 3}
      two: {ip: 10.1.2.10, vswitch: e, instanceId: i-2, eniQuantity: 3}
  alicloud-gateways:networks:
    north:
      region: cn-zhangjiakou
      vpc: {id: vpc-2, routeTable: vtb-2}
      vswitches: {na: {id: vsw-3, cidr: 10.2.1.0/24, zone: cn-zhangjiakou-a}}
  alicloud-gateways:sharedBandwidth:
    bandwidthPackage: {id: cbwp-1}
    natGateway: {id: ngw-1, forwardTableId: ftb-1, snatTableId: stb-1}
    publicIps:
      in: {id: eip-1, address: 203.0.113.1}
      out: {id: eip-2, address: 203.0.113.2, bound: true, acknowledged: true}
      new: {}
    portMappings:
      web: {publicIp: in, port: 443, host: one, hostPort: 8443}
    egress: {apps: {vswitch: g, publicIps: [out]}}
  alicloud-gateways:unifiedEgress:
    natGateway: {id: ngw-2, snatTableId: stb-2}
    bandwidthPackage: {id: cbwp-2}
    publicIps:
      away: {id: eip-3, address: 203.0.113.3}
      seen: {id: eip-4, address: 203.0.113.4}
    egress: {others: {vswitch: e, publicIps: [away]}}
    servers:
      two:
        host: two
        publicIp: seen
        eni: {vswitch: e, ip: 10.1.2.21, securityGroups: [sg-1]}
        ssh: {closed: true}
  alicloud-gateways:crossRegion:
    cen: {id: cen-1, routers: {cn-shanghai: tr-1}}
    attachments: {main: {}, north: {network: north, name: the-attachment}}
    links: {north: {regions: [cn-zhangjiakou, cn-shanghai], bandwidth: 4, name: the-link}}
    bandwidthPackage: {id: cenbwp-1, attached: true}
    dataCenters:
      office:
        ranges: {desks: 172.17.0.0/24}
        vpn:
          gateway: vpn-1
          vswitch: g
          backupVswitch: e
          device: 203.0.113.10
          preSharedKey: {secure: v1:bm9uY2U=:Y2lwaGVydGV4dA==}
  alicloud-gateways:functions:
    near:
      code: code
      role: acs:ram::123456789012:role/near
      network: {vswitches: [g]}
      calls: {ORDERS: api}
  alicloud-gateways:apiGateway:
    instance: {id: apigateway-1, acl: {mode: allow, entries: {office: {cidr: 203.0.113.0/24}}}}
    groups: {shop: {intranet: true, name: the_group}}
    apps: {site: {name: the_app}}
    loadBalancers: {lb: {vswitch: g, port: 82, servers: {one: 8082}}}
    vpcAccess: {lb: {loadBalancer: lb, port: 82, name: the-access}}
    apis:
      api:
        name: the_api
        group: shop
        method: GET
        path: /api
        apps: [site]
        protocol: http
        acknowledged: true
        backend:
          function: {function: near, role: "acs:ram::123456789012:role/gateway"}
""")

BASIC = _with_code("""\
config:
  alicloud:region: cn-shanghai
  alicloud-gateways:topology:
    [shared-bandwidth, unified-egress, cross-region, functions, api-gateway]
  alicloud-gateways:tier: staging
  alicloud-gateways:resourceGroup: rg-shop
  alicloud-gateways:network:
    vpc: {cidr: 10.1.0.0/16}
    vswitches:
      g: {cidr: 10.1.1.0/24, zone: cn-shanghai-g}
      h: {cidr: 10.1.2.0/24, zone: cn-shanghai-g}
    hosts:
      one: {ip: 10.1.1.10, vswitch: g, instanceId: i-1, eniQuantity: 3}
      two: {ip: 10.1.1.11, vswitch: g, instanceId: i-2, eniQuantity: 3}
  alicloud-gateways:networks:
    north:
      region: cn-zhangjiakou
      vpc: {cidr: 10.2.0.0/16}
      vswitches: {na: {cidr: 10.2.1.0/24, zone: cn-zhangjiakou-a}}
    west:
      region: cn-chengdu
      vpc: {cidr: 10.4.0.0/16}
      vswitches: {wa: {cidr: 10.4.1.0/24, zone: cn-chengdu-a}}
  alicloud-gateways:sharedBandwidth:
    bandwidth: 10
    natGateway: {vswitch: g, lanes: 2}
    publicIps: {in: {}, out: {}}
    portMappings:
      tls: {publicIp: in, port: 443, host: one}
      ssh: {publicIp: in, port: 22, host: one, acknowledged: true}
      names: {publicIp: in, port: 53, protocol: udp, host: one}
    egress: {some: {vswitch: h, publicIps: [out]}}
  alicloud-gateways:unifiedEgress:
    publicIps: {away: {}, seen-1: {}, seen-2: {was: seen}, seen-3: {}}
    egress: {all: {vswitch: g, publicIps: [away]}}
    servers:
      many:
        host: one
        publicIp: seen-1
        secondaryPublicIps: {seen-2: null}
        eni: {vswitch: g, ip: 10.1.1.21, secondaryIps: [10.1.1.22], mode: MULTI_BINDED}
        reachable: {https: {port: 443}}
        ssh: {closed: true}
      plain:
        host: two
        publicIp: seen-3
        eni: {vswitch: g}
        reachable: {ssh: {port: 22, source: 203.0.113.0/24}}
  alicloud-gateways:crossRegion:
    edition: basic
    attachments:
      main: {}
      north: {network: north}
      west: {network: west}
      line: {dataCenter: lined}
    links:
      west: {regions: [cn-chengdu, cn-shanghai], bandwidth: 2}
      north: {regions: [cn-shanghai, cn-zhangjiakou], bandwidth: 3}
    bandwidthPackage: {bandwidth: 5, chargeType: PrePaid, months: 6, autoRenew: true}
    services:
      gateway: {range: 100.104.1.0/26, attachment: main}
      logs: {range: 100.104.2.0/26, attachment: north, was: logging}
    dataCenters: {lined: {ranges: {servers: 172.16.0.0/24}, vbr: vbr-1}}
  alicloud-gateways:functions:
    north: {code: code, network: {vswitches: [na]}, calls: {LINE_URL: line}}
    west: {code: code, network: {vswitches: [wa]}, calls: {LINE_URL: line}}
  alicloud-gateways:apiGateway:
    instance: {spec: api.s1.small, ingress: {vswitch: g, ownerId: '123456789012'}}
    groups: {inner: {intranet: true}}
    apps: {site: {}}
    vpcAccess: {lined: {instanceId: 172.16.0.9, port: 88}}
    apis:
      line:
        group: inner
        method: GET
        path: /line
        apps: [site]
        backend: {vpc: {access: lined, path: /}}
""")

WHOLE = {"made": MADE, "given": GIVEN, "basic": BASIC}
